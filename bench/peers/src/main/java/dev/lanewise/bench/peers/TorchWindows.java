package dev.lanewise.bench.peers;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.cases.Conv;
import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.Pool;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Window;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Convolutions and pooling of libtorch. Its convolutions have no form that writes into a given
 * output without a copy; the C library gives them the same memory again and again.
 */
final class TorchWindows {
  private static final long[] NONE = {0, 0};

  private TorchWindows() {}

  static Kernel conv(Conv conv, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    ConvSpec spec = conv.geometry().spec();
    Window window = spec.window();
    long[] stride = pair(axis -> window.stride(axis.intValue()));
    long[] padding = pair(axis -> window.padLow(axis.intValue()));
    long[] dilation = pair(axis -> window.dilation(axis.intValue()));
    if (conv.direction() == Conv.Direction.FORWARD) {
      Tensor x = arrays.of(inputs.get(0), spec.input());
      Tensor filter = arrays.of(inputs.get(1), spec.filter());
      TensorOptional bias = arrays.own(new TensorOptional());
      return arrays.kernel(
          () -> torch.conv2d(x, filter, bias, stride, padding, dilation, spec.groups()));
    }
    boolean data = conv.direction() == Conv.Direction.BACKWARD_DATA;
    Tensor x = data ? arrays.empty(spec.input()) : arrays.of(inputs.get(0), spec.input());
    Tensor filter = data ? arrays.of(inputs.get(1), spec.filter()) : arrays.empty(spec.filter());
    Tensor outGrad = arrays.of(inputs.get(data ? 0 : 1), spec.output());
    LongArrayRefOptional noBias = arrays.own(new LongArrayRefOptional());
    BoolPointer wanted = arrays.own(new BoolPointer(3));
    wanted.put(0, data).put(1, !data).put(2, false);
    return arrays.kernel(
        () -> {
          try (T_TensorTensorTensor_T gradients =
              torch.convolution_backward(
                  outGrad,
                  x,
                  filter,
                  noBias,
                  stride,
                  padding,
                  dilation,
                  false,
                  NONE,
                  spec.groups(),
                  wanted)) {
            // The pair goes, its members' memory stays with a handle of their own.
            return new Tensor(data ? gradients.get0() : gradients.get1());
          }
        });
  }

  private static long[] pair(ToLongFunction<Integer> ofAxis) {
    return IntStream.range(0, 2).boxed().mapToLong(ofAxis).toArray();
  }

  static Kernel pool(Pool pool, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    Shape outShape = pool.spec().output();
    long[] kernel = {pool.kernelSide(), pool.kernelSide()};
    long[] stride = {pool.stride(), pool.stride()};
    long[] padding = {pool.padding(), pool.padding()};
    long[] dilation = {1, 1};
    Tensor x = arrays.of(inputs.get(0), pool.spec().input());
    Tensor out = arrays.empty(outShape);
    Tensor outGrad = arrays.of(inputs.get(1), outShape);
    Tensor xGrad = arrays.empty(pool.spec().input());
    if (pool.kind() == Pool.Kind.AVG) {
      LongOptional whole = arrays.own(new LongOptional());
      return pool.backward()
          ? arrays.kernel(
              xGrad,
              () ->
                  torch.avg_pool2d_backward_out(
                      xGrad, outGrad, x, kernel, stride, padding, false, true, whole))
          : arrays.kernel(
              out, () -> torch.avg_pool2d_out(out, x, kernel, stride, padding, false, true, whole));
    }
    Tensor indices = arrays.empty(DType.I64, TorchArrays.longs(outShape));
    Kernel forward =
        arrays.kernel(
            out,
            () ->
                torch.max_pool2d_with_indices_out(
                    out, indices, x, kernel, stride, padding, dilation, false));
    if (!pool.backward()) {
      return forward;
    }
    forward.run();
    return arrays.kernel(
        xGrad,
        () ->
            torch.max_pool2d_with_indices_backward_out(
                xGrad, outGrad, x, kernel, stride, padding, dilation, false, indices));
  }
}
