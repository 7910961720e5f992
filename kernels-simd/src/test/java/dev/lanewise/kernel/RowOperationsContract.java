package dev.lanewise.kernel;

/**
 * The parts of the contract kit about operations that have defaults made of other operations: run
 * over a backend's own, and over the defaults.
 */
public interface RowOperationsContract
    extends SoftmaxContract,
        CrossEntropyContract,
        NormContract,
        AttentionContract,
        CellContract,
        CellGradientContract {}
