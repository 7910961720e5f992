package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.Cudnn;
import java.util.List;

/** cuDNN; keeps why a function refused, which cudnnGetLastErrorString tells. */
final class CudnnLibrary extends LibraryDouble {

  private final DriverDouble cuda;
  private final CudnnContext context;

  CudnnLibrary(DriverDouble cuda) {
    this(cuda, new CudnnContext(cuda));
  }

  private CudnnLibrary(DriverDouble cuda, CudnnContext context) {
    super(
        cuda,
        new Statuses(
            Cudnn.CUDNN_STATUS_INTERNAL_ERROR(),
            Cudnn.CUDNN_STATUS_BAD_PARAM(),
            Cudnn.CUDNN_STATUS_BAD_PARAM(),
            Cudnn.CUDNN_STATUS_EXECUTION_FAILED()),
        List.of(
            new CudnnHandles(context),
            new CudnnTensors(context),
            new CudnnElementwise(context),
            new CudnnActivations(context),
            new CudnnReductions(context),
            new CudnnSoftmax(context),
            new CudnnPoolings(context),
            new CudnnConvolutionDescriptors(context),
            new CudnnConvolutionAlgorithms(context),
            new CudnnConvolutions(context),
            new CudnnConvolutionBias(context),
            new CudnnBatchNormalization(context)));
    this.cuda = cuda;
    this.context = context;
  }

  @Override
  void after(String function, int status) {
    if (status != CudnnContext.SUCCESS) {
      String reason = CudnnContext.REASON.get();
      List<String> problems = cuda.problems();
      String problem = problems.isEmpty() ? "ordered by a test" : problems.getLast();
      context.lastError.set(reason == null ? problem : reason);
    }
    CudnnContext.REASON.remove();
  }
}
