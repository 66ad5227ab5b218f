/** Where the page's script starts. It does nothing yet: a page works as it does without a script. */
export {};
