/** Where the offline sealer starts: the same script is the page and, in a Worker, the sealing. */
export {};
