/** Lets other work of the thread have its turn: what a page shows, and what its Worker is told. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
