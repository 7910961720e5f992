package dev.lanewise.bench.peers;

import dev.lanewise.array.DType;
import dev.lanewise.bench.cases.ImageNorm;
import dev.lanewise.bench.cases.Kernel;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Batch and group normalization of libtorch; only that of batches writes into a given output. */
final class TorchNorms {
  private static final double MOMENTUM = 0.1;

  private final TorchArrays arrays = new TorchArrays();
  private final ImageNorm norm;
  private final Tensor x;
  private final Tensor outGrad;
  private final TensorOptional weight;
  private final TensorOptional bias;
  private final BoolPointer all;

  private TorchNorms(ImageNorm norm, List<float[]> inputs) {
    this.norm = norm;
    x = arrays.of(inputs.get(0), norm.dims());
    weight = optional(arrays.of(DType.F32, inputs.get(1), norm.c()));
    bias = optional(arrays.of(DType.F32, inputs.get(2), norm.c()));
    outGrad = arrays.of(inputs.get(3), norm.dims());
    all = arrays.own(new BoolPointer(3));
    all.put(0, true).put(1, true).put(2, true);
  }

  static Kernel images(ImageNorm norm, List<float[]> inputs) {
    TorchNorms norms = new TorchNorms(norm, inputs);
    return switch (norm.kind()) {
      case BATCH -> norms.batch();
      case GROUP -> norms.group();
    };
  }

  private TensorOptional optional(Tensor tensor) {
    return arrays.own(new TensorOptional(tensor));
  }

  private Kernel batch() {
    Tensor out = arrays.empty(norm.dims());
    Tensor mean = arrays.empty(DType.F32, norm.c());
    Tensor scale = arrays.empty(DType.F32, norm.c());
    TensorOptional none = arrays.own(new TensorOptional());
    Kernel forward =
        arrays.kernel(
            out,
            () ->
                torch.native_batch_norm_out(
                    out, mean, scale, x, weight, bias, none, none, true, MOMENTUM, ImageNorm.EPS));
    if (!norm.backward()) {
      return forward;
    }
    forward.run();
    TensorOptional means = optional(mean);
    TensorOptional scales = optional(scale);
    return arrays.allocating(
        () ->
            parts(
                torch.native_batch_norm_backward(
                    outGrad, x, weight, none, none, means, scales, true, ImageNorm.EPS, all)));
  }

  private Kernel group() {
    int n = norm.n();
    int c = norm.c();
    int plane = norm.side() * norm.side();
    int groups = norm.groups();
    Supplier<List<Tensor>> forward =
        () -> parts(torch.native_group_norm(x, weight, bias, n, c, plane, groups, ImageNorm.EPS));
    if (!norm.backward()) {
      return arrays.allocating(forward);
    }
    List<Tensor> found = forward.get();
    found.forEach(arrays::own);
    Tensor mean = found.get(1);
    Tensor scale = found.get(2);
    return arrays.allocating(
        () ->
            parts(
                torch.native_group_norm_backward(
                    outGrad, x, mean, scale, weight, n, c, plane, groups, all)));
  }

  /** {@return handles of the three, which outlive the tuple} */
  private static List<Tensor> parts(T_TensorTensorTensor_T tuple) {
    try (tuple) {
      return List.of(new Tensor(tuple.get0()), new Tensor(tuple.get1()), new Tensor(tuple.get2()));
    }
  }
}
