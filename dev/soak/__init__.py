"""Orders while everything fails: who makes trouble, who works, and the verdict."""
