package dev.lanewise.kernel;

/**
 * All that every backend must do, as properties that compare it with the reference backend. A
 * backend's test class names the backend and is done:
 *
 * {@snippet :
 * class SimdContractTest implements BackendContract {
 *   @Override
 *   public Backend backend() {
 *     return Backends.named("simd");
 *   }
 * }
 * }
 */
public interface BackendContract
    extends ElementwiseContract,
        AccuracyContract,
        AliasingContract,
        ReduceContract,
        MaskContract,
        ArgMaxContract,
        SortContract,
        ScanContract,
        MatmulContract,
        ConvContract,
        PoolContract,
        IndexContract,
        CopyContract,
        RandomContract,
        RowOperationsContract,
        ErrorContract,
        WindowErrorContract {}
