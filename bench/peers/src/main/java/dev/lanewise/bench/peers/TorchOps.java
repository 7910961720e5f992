package dev.lanewise.bench.peers;

import dev.lanewise.array.DType;
import dev.lanewise.bench.cases.ArrayBlas;
import dev.lanewise.bench.cases.Copy;
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

/** Matrix products, elementwise kernels, reductions, rows, copies and vectors of libtorch. */
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
      case CROSS_ENTROPY -> crossEntropy(arrays, x, inputs.get(1), kernelCase.weight());
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

  /** Records the loss and goes back, in each call. */
  private static Kernel crossEntropy(
      TorchArrays arrays, Tensor x, float[] numbers, float weightOfOne) {
    x.requires_grad_(true);
    Tensor labels = arrays.of(DType.I64, numbers, numbers.length);
    float[] weights = new float[numbers.length];
    Arrays.fill(weights, weightOfOne);
    Tensor weight = arrays.of(DType.F32, weights, weights.length);
    TensorOptional none = arrays.own(new TensorOptional());
    return arrays.allocating(
        () -> {
          Tensor loss = torch.cross_entropy_loss(x, labels, none, 0, -100, 0); // of each row
          return List.of(TorchArrays.gradient(loss, weight, x), loss);
        });
  }

  static Kernel copy(Copy copy, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    Tensor stored = arrays.of(copy.kind().from(), inputs.getFirst(), copy.rows(), copy.columns());
    Tensor x = copy.kind().turns() ? arrays.own(stored.t()) : stored;
    Tensor out = arrays.empty(copy.kind().to(), x.size(0), x.size(1));
    return arrays.inPlace(List.of(out), () -> out.copy_(x));
  }

  static Kernel blas(ArrayBlas blas, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    float[] numbers = inputs.get(1);
    Tensor x = arrays.of(DType.F32, numbers, numbers.length);
    Tensor matrix = arrays.of(DType.F32, inputs.get(0), blas.m(), blas.n());
    return switch (blas.op()) {
      case SGEMV -> {
        Tensor y = arrays.empty(DType.F32, blas.m());
        yield arrays.kernel(y, () -> torch.mv_out(y, matrix, x));
      }
      case SGEMV_T -> {
        Tensor turned = arrays.own(matrix.t());
        Tensor y = arrays.empty(DType.F32, blas.n());
        yield arrays.kernel(y, () -> torch.mv_out(y, turned, x));
      }
      case SDOT -> {
        Tensor vector = arrays.own(matrix.reshape(-1));
        Tensor sum = arrays.empty(DType.F32);
        yield arrays.kernel(sum, () -> torch.dot_out(sum, vector, x));
      }
      case SAXPY -> {
        Tensor vector = arrays.own(matrix.reshape(-1));
        Scalar alpha = arrays.own(new Scalar(ArrayBlas.ALPHA));
        yield arrays.inPlace(List.of(x), () -> x.add_(vector, alpha));
      }
    };
  }
}
