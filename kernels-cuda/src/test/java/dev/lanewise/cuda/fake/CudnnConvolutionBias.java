package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CudnnContext.at;
import static dev.lanewise.cuda.fake.CudnnContext.checkApart;
import static dev.lanewise.cuda.fake.CudnnContext.notNull;
import static dev.lanewise.cuda.fake.CudnnContext.require;
import static dev.lanewise.cuda.fake.CudnnContext.supported;

import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The bias of a convolution in cuDNN: fused with the convolution, and its gradient. */
final class CudnnConvolutionBias {

  /** CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM. */
  private static final int PRECOMP_GEMM = 1;

  private final CudnnContext context;
  private final DeviceAccess memory;

  CudnnConvolutionBias(CudnnContext context) {
    this.context = context;
    this.memory = context.cuda.blocks;
  }

  /**
   * {@code y = activation(alpha1 * (x convolved with w) + alpha2 * z + bias)}; z may be y.
   *
   * <p>Documentation of cudnnConvolutionBiasActivationForward: the activation is relu or the
   * identity, the identity with the algorithm IMPLICIT_PRECOMP_GEMM only; its NaN option is
   * CUDNN_NOT_PROPAGATE_NAN; the bias is [1, k, 1...] with a second stride of 1; the descriptors of
   * z and y match. All else is CUDNN_STATUS_NOT_SUPPORTED.
   */
  int cudnnConvolutionBiasActivationForward(
      MemorySegment handle,
      MemorySegment alpha1,
      MemorySegment xDesc,
      MemorySegment x,
      MemorySegment wDesc,
      MemorySegment w,
      MemorySegment convolution,
      int algo,
      MemorySegment workspace,
      long workspaceBytes,
      MemorySegment alpha2,
      MemorySegment zDesc,
      MemorySegment z,
      MemorySegment biasDesc,
      MemorySegment bias,
      MemorySegment activationDesc,
      MemorySegment yDesc,
      MemorySegment y) {
    CudnnHandle dnn = context.handle(handle);
    var descriptor = context.cuda.handles.get(ConvolutionDescriptor.class, convolution);
    TensorShape result = context.tensor(yDesc, "yDesc");
    ConvolutionGeometry geometry =
        ConvolutionGeometry.of(
            context.tensor(xDesc, "xDesc"), context.filter(wDesc, "wDesc"), result, descriptor);
    TensorShape added = context.tensor(zDesc, "zDesc");
    TensorShape channels = context.tensor(biasDesc, "biasDesc");
    ActivationDescriptor activation = activation(activationDesc, algo);
    supported(
        added.sameDims(result) && added.sameStrides(result) && added.type() == result.type(),
        "z of %s and y of %s",
        added,
        result);
    supported(
        perChannel(channels, result) && channels.stride(1) == 1, "a bias of shape %s", channels);
    double factor = context.factor(alpha1, result.type(), "alpha1");
    double addedFactor = context.factor(alpha2, result.type(), "alpha2");
    StridedArray zs = at(added, z, "z");
    notNull(bias, "bias");
    StridedArray biases = channels.at(bias.address(), result);
    ConvolutionCall call =
        new ConvolutionCall(context, ConvolutionDirection.FORWARD, geometry, descriptor, x, w, y)
            .with(algo, workspace, workspaceBytes);
    return context.submit(
        dnn,
        "cudnnConvolutionBiasActivationForward",
        () -> {
          StridedArray to = call.result();
          if (!to.sameAs(zs)) {
            checkApart(to, zs);
          }
          checkApart(to, biases);
          double[] sum = call.compute();
          double[] old = addedFactor == 0 ? new double[sum.length] : zs.read(memory);
          double[] shifts = biases.read(memory);
          Arrays.setAll(
              sum, i -> activation.apply(factor * sum[i] + addedFactor * old[i] + shifts[i]));
          to.write(memory, sum);
        });
  }

  private ActivationDescriptor activation(MemorySegment descriptor, int algo) {
    var found = context.cuda.handles.get(ActivationDescriptor.class, descriptor);
    require(found.mode != null, "activationDesc is not set");
    boolean identity = found.mode == ActivationDescriptor.Mode.IDENTITY;
    supported(
        identity || found.mode == ActivationDescriptor.Mode.RELU,
        "the activation %s with a convolution",
        found.mode);
    supported(!found.propagateNan, "an activation that propagates NaN, with a convolution");
    supported(!identity || algo == PRECOMP_GEMM, "no activation with algorithm %d", algo);
    return found.copy();
  }

  private static boolean perChannel(TensorShape bias, TensorShape of) {
    return bias.expandsTo(of)
        && bias.type() == of.type()
        && bias.dim(1) == of.dim(1)
        && bias.count() == of.dim(1);
  }

  /** {@code db = alpha * (sum of dy over all but the channels) + beta * db}. */
  int cudnnConvolutionBackwardBias(
      MemorySegment handle,
      MemorySegment alpha,
      MemorySegment dyDesc,
      MemorySegment dy,
      MemorySegment beta,
      MemorySegment dbDesc,
      MemorySegment db) {
    CudnnHandle dnn = context.handle(handle);
    TensorShape change = context.tensor(dyDesc, "dyDesc");
    TensorShape result = context.tensor(dbDesc, "dbDesc");
    require(perChannel(result, change), "db is %s, dy is %s", result, change);
    supported(change.type() != NumberType.I32, "a bias of integers");
    double factor = context.factor(alpha, result.type(), "alpha");
    double old = context.factor(beta, result.type(), "beta");
    StridedArray dys = at(change, dy, "dy");
    StridedArray to = at(result, db, "db");
    int places = change.count() / change.dim(0) / change.dim(1);
    return context.submit(
        dnn,
        "cudnnConvolutionBackwardBias",
        () -> {
          checkApart(to, dys);
          double[] changes = dys.read(memory);
          double[] sums = new double[change.dim(1)];
          for (int i = 0; i < changes.length; i++) {
            sums[i / places % sums.length] += changes[i];
          }
          to.blend(memory, factor, sums, old);
        });
  }
}
