/** How long a command tries to find the cluster before it gives up with CANNOT_REACH. */
export const connectWithinMs = 10_000;
