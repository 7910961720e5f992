package dev.lanewise.bench.peers;

import dev.lanewise.array.DType;
import dev.lanewise.bench.cases.Elementwise;
import dev.lanewise.bench.cases.Gemm;
import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.Reduction;
import dev.lanewise.bench.cases.Rows;
import dev.lanewise.kernel.ReduceOp;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Matrix products, elementwise kernels, reductions and rows of libtorch. */
final class TorchOps {
  private TorchOps() {}

  static Kernel gemm(Gemm gemm, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    DType dtype = gemm.dtype();
    Tensor a = matrix(arrays, dtype, inputs.get(0), gemm.m(), gemm.k(), gemm.form(), Gemm.Form.TN);
    Tensor b = matrix(arrays, dtype, inputs.get(1), gemm.k(), gemm.n(), gemm.form(), Gemm.Form.NT);
    Tensor out = arrays.empty(dtype, gemm.m(), gemm.n());
    return arrays.kernel(out, () -> torch.mm_out(out, a, b));
  }

  private static Tensor matrix(
      TorchArrays arrays,
      DType dtype,
      float[] values,
      int rows,
      int columns,
      Gemm.Form form,
      Gemm.Form turned) {
    return form == turned
        ? arrays.own(arrays.of(dtype, values, columns, rows).t())
        : arrays.of(dtype, values, rows, columns);
  }

  static Kernel elementwise(Elementwise kernelCase, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    float[] values = inputs.getFirst();
    boolean isMatrix = kernelCase.op() == Elementwise.Op.BIAS_RELU;
    int columns = isMatrix ? Elementwise.COLUMNS : values.length;
    Tensor x = arrays.of(DType.F32, values, values.length / columns, columns);
    Tensor y = arrays.of(DType.F32, inputs.getLast(), inputs.getLast().length);
    Tensor out = arrays.empty(DType.F32, values.length / columns, columns);
    Scalar zero = arrays.own(new Scalar(0f));
    BytePointer tanh = arrays.own(new BytePointer("tanh"));
    return switch (kernelCase.op()) {
      case ADD -> arrays.kernel(out, () -> torch.add_out(out, x, y));
      case RELU -> arrays.kernel(out, () -> torch.clamp_min_out(out, x, zero));
      case EXP -> arrays.kernel(out, () -> torch.exp_out(out, x));
      case TANH -> arrays.kernel(out, () -> torch.tanh_out(out, x));
      case SIGMOID -> arrays.kernel(out, () -> torch.sigmoid_out(out, x));
      case GELU -> arrays.kernel(out, () -> torch.gelu_out(out, x, tanh));
      case BIAS_RELU ->
          arrays.kernel(
              out,
              () -> {
                torch.add_out(out, x, y).close();
                return torch.relu_(out);
              });
    };
  }

  static Kernel reduction(Reduction kernelCase, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    Tensor x = arrays.of(DType.F32, inputs.getFirst(), kernelCase.rows(), kernelCase.columns());
    int[] over = kernelCase.over().axes();
    long[] axes = Arrays.stream(over).asLongStream().toArray();
    Tensor out =
        switch (kernelCase.over()) {
          case ALL -> arrays.empty(DType.F32);
          case ROWS -> arrays.empty(DType.F32, kernelCase.rows());
          case COLUMNS -> arrays.empty(DType.F32, kernelCase.columns());
        };
    if (kernelCase.op() == ReduceOp.MAX) {
      return arrays.kernel(out, () -> torch.amax_out(out, x, axes, false));
    }
    ScalarTypeOptional same = arrays.own(new ScalarTypeOptional());
    return arrays.kernel(out, () -> torch.sum_out(out, x, axes, false, same));
  }

  static Kernel rows(Rows kernelCase, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    Tensor x = arrays.of(DType.F32, inputs.getFirst(), kernelCase.rows(), kernelCase.columns());
    Tensor out = arrays.empty(DType.F32, kernelCase.rows(), kernelCase.columns());
    return switch (kernelCase.op()) {
      case SOFTMAX -> arrays.kernel(out, () -> torch.softmax_out(out, x, 1));
      case LOG_SOFTMAX -> arrays.kernel(out, () -> torch.log_softmax_out(out, x, 1));
      case LAYER_NORM -> {
        Tensor means = arrays.empty(DType.F32, kernelCase.rows(), 1);
        Tensor deviations = arrays.empty(DType.F32, kernelCase.rows(), 1);
        TensorOptional none = arrays.own(new TensorOptional());
        long[] row = {kernelCase.columns()};
        yield arrays.kernel(
            out,
            () ->
                torch.native_layer_norm_out(out, means, deviations, x, row, none, none, Rows.EPS));
      }
    };
  }
}
