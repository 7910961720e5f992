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

  private TorchNorms() {}

  static Kernel images(ImageNorm norm, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    Tensor x = arrays.of(inputs.get(0), norm.dims());
    Tensor weight = arrays.of(DType.F32, inputs.get(1), norm.c());
    Tensor bias = arrays.of(DType.F32, inputs.get(2), norm.c());
    Tensor outGrad = arrays.of(inputs.get(3), norm.dims());
    BoolPointer all = arrays.own(new BoolPointer(3));
    all.put(0, true).put(1, true).put(2, true);
    return switch (norm.kind()) {
      case BATCH -> batch(norm, arrays, x, weight, bias, outGrad, all);
      case GROUP -> group(norm, arrays, x, weight, bias, outGrad, all);
    };
  }

  private static Kernel batch(
      ImageNorm norm,
      TorchArrays arrays,
      Tensor x,
      Tensor weight,
      Tensor bias,
      Tensor outGrad,
      BoolPointer all) {
    Tensor out = arrays.empty(norm.dims());
    Tensor mean = arrays.empty(DType.F32, norm.c());
    Tensor scale = arrays.empty(DType.F32, norm.c());
    TensorOptional none = arrays.own(new TensorOptional());
    TensorOptional by = arrays.own(new TensorOptional(weight));
    TensorOptional plus = arrays.own(new TensorOptional(bias));
    Kernel forward =
        arrays.kernel(
            out,
            () ->
                torch.native_batch_norm_out(
                    out, mean, scale, x, by, plus, none, none, true, MOMENTUM, ImageNorm.EPS));
    if (!norm.backward()) {
      return forward;
    }
    forward.run();
    TensorOptional means = arrays.own(new TensorOptional(mean));
    TensorOptional scales = arrays.own(new TensorOptional(scale));
    return arrays.allocating(
        () ->
            parts(
                torch.native_batch_norm_backward(
                    outGrad, x, by, none, none, means, scales, true, ImageNorm.EPS, all)));
  }

  private static Kernel group(
      ImageNorm norm,
      TorchArrays arrays,
      Tensor x,
      Tensor weight,
      Tensor bias,
      Tensor outGrad,
      BoolPointer all) {
    int n = norm.n();
    int c = norm.c();
    int plane = norm.side() * norm.side();
    int groups = norm.groups();
    TensorOptional by = arrays.own(new TensorOptional(weight));
    TensorOptional plus = arrays.own(new TensorOptional(bias));
    Supplier<List<Tensor>> forward =
        () ->
            parts(
                torch.native_group_norm(x, by, plus, n, c, plane, groups, ImageNorm.EPS));
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
                    outGrad, x, mean, scale, by, n, c, plane, groups, all)));
  }

  /** {@return handles of the three, which outlive the tuple} */
  private static List<Tensor> parts(T_TensorTensorTensor_T tuple) {
    try (tuple) {
      return List.of(
          new Tensor(tuple.get0()), new Tensor(tuple.get1()), new Tensor(tuple.get2()));
    }
  }
}
