package dev.lanewise.cuda.fake;

/** A handle of cuBLASLt, which has no stream and no modes. */
final class CublasLtHandle {}
