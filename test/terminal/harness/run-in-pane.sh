#!/bin/sh
# Runs a program in a tmux pane and leaves in a folder what a test asks afterwards.
# usage: run-in-pane.sh FOLDER PROGRAM [ARGUMENT…]
folder=$1
shift
stty -g > "$folder/stty-before"
# Ctrl-C goes to the whole foreground group; this shell must outlive it. A trapped signal is at its default again in the child.
trap : INT
sh -c 'echo $$ > "$0"; exec "$@"' "$folder/pid" "$@"
code=$?
stty -g > "$folder/stty-after"
echo "$code" > "$folder/exit-code.part"
mv "$folder/exit-code.part" "$folder/exit-code"
# The pane stays, so that its screen can still be read.
exec sleep 3600
