package dev.lanewise.bench.peers;

import dev.lanewise.array.DType;
import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.RecurrentStep;
import dev.lanewise.bench.cases.SelfAttention;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Attention and recurrent cells of libtorch. A cell's step is made of the calls that its own {@code
 * lstm_cell} and {@code gru_cell} make on a CPU, after the products.
 */
final class TorchSequences {
  private TorchSequences() {}

  static Kernel attention(SelfAttention attention, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    List<Tensor> in = new ArrayList<>();
    for (float[] values : inputs) {
      in.add(arrays.of(values, attention.dims()));
    }
    TensorOptional noMask = arrays.own(new TensorOptional());
    DoubleOptional usual = arrays.own(new DoubleOptional());
    List<Tensor> arguments = in.subList(0, 3);
    if (attention.backward()) {
      arguments.forEach(argument -> argument.requires_grad_(true));
    }
    Supplier<Tensor> forward =
        () ->
            torch.scaled_dot_product_attention(
                in.get(0), in.get(1), in.get(2), noMask, 0, attention.causal(), usual, false);
    return attention.backward()
        ? arrays.gradients(List.of(arrays.own(forward.get())), List.of(in.get(3)), arguments)
        : arrays.kernel(forward);
  }

  static Kernel step(RecurrentStep step, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    List<Tensor> in = new ArrayList<>();
    for (float[] values : inputs) {
      in.add(arrays.of(DType.F32, values, step.rows(), values.length / step.rows()));
    }
    if (!step.backward()) {
      return forward(step, arrays, in);
    }
    in.get(0).requires_grad_(true);
    in.get(2).requires_grad_(true);
    List<Tensor> arguments = List.of(in.get(0), in.get(2));
    return switch (step.cell()) {
      case LSTM ->
          arrays.gradients(
              recorded(arrays, () -> lstm(in.get(0), in.get(2))),
              List.of(in.get(3), in.get(4)),
              arguments);
      case GRU -> {
        in.get(1).requires_grad_(true);
        yield arrays.gradients(
            recorded(arrays, () -> gru(in.get(0), in.get(1), in.get(2))),
            List.of(in.get(3)),
            List.of(in.get(0), in.get(2), in.get(1)));
      }
      case GRU_RESET_FIRST ->
          arrays.gradients(
              recorded(arrays, () -> gruWithResetFirst(in.get(0), in.get(2))),
              List.of(in.get(3), in.get(4)),
              arguments);
    };
  }

  private static List<Tensor> recorded(TorchArrays arrays, Supplier<List<Tensor>> results) {
    try (PointerScope _ = new PointerScope()) {
      List<Tensor> kept = results.get();
      kept.forEach(Tensor::retainReference); // outlive the scope
      kept.forEach(arrays::own);
      return kept;
    }
  }

  /** {@return next h and next c} */
  private static List<Tensor> lstm(Tensor gates, Tensor c) {
    TensorVector parts = gates.chunk(4, 1);
    Tensor i = parts.get(0).sigmoid();
    Tensor f = parts.get(1).sigmoid();
    Tensor g = parts.get(2).tanh();
    Tensor o = parts.get(3).sigmoid();
    Tensor next = f.mul(c).add(i.mul(g));
    return List.of(o.mul(next.tanh()), next);
  }

  /** {@return next h} */
  private static List<Tensor> gru(Tensor xGates, Tensor hGates, Tensor h) {
    TensorVector x = xGates.chunk(3, 1);
    TensorVector s = hGates.chunk(3, 1);
    Tensor r = x.get(0).add(s.get(0)).sigmoid();
    Tensor z = x.get(1).add(s.get(1)).sigmoid();
    Tensor g = x.get(2).add(s.get(2).mul(r)).tanh();
    return List.of(h.sub(g).mul(z).add(g));
  }

  /** {@return next h and r · h} */
  private static List<Tensor> gruWithResetFirst(Tensor gates, Tensor h) {
    TensorVector x = gates.chunk(3, 1);
    Tensor r = x.get(0).sigmoid();
    Tensor z = x.get(1).sigmoid();
    Tensor g = x.get(2).tanh();
    return List.of(h.sub(g).mul(z).add(g), r.mul(h));
  }

  /** Writes into given arrays, of which gates are columns. */
  private static Kernel forward(RecurrentStep step, TorchArrays arrays, List<Tensor> in) {
    int units = step.units();
    int gates = step.cell().gates();
    Tensor activations = arrays.empty(DType.F32, step.rows(), (long) gates * units);
    Tensor next = arrays.empty(DType.F32, step.rows(), units);
    Tensor h = arrays.empty(DType.F32, step.rows(), units);
    List<Tensor> x = columns(arrays, in.get(0), gates, units);
    List<Tensor> s = columns(arrays, in.get(1), gates, units);
    List<Tensor> a = columns(arrays, activations, gates, units);
    Tensor state = in.get(2);
    return arrays.inPlace(
        List.of(activations, h),
        switch (step.cell()) {
          case LSTM ->
              () -> {
                torch.sigmoid_out(a.get(0), x.get(0)).close();
                torch.sigmoid_out(a.get(1), x.get(1)).close();
                torch.tanh_out(a.get(2), x.get(2)).close();
                torch.sigmoid_out(a.get(3), x.get(3)).close();
                torch.mul_out(next, a.get(1), state).close();
                next.addcmul_(a.get(0), a.get(2));
                torch.tanh_out(h, next).close();
                h.mul_(a.get(3));
              };
          case GRU ->
              () -> {
                torch.add_out(a.get(0), x.get(0), s.get(0)).close();
                a.get(0).sigmoid_();
                torch.add_out(a.get(1), x.get(1), s.get(1)).close();
                a.get(1).sigmoid_();
                torch.addcmul_out(a.get(2), x.get(2), s.get(2), a.get(0)).close();
                a.get(2).tanh_();
                torch.sub_out(h, state, a.get(2)).close();
                h.mul_(a.get(1));
                h.add_(a.get(2));
              };
          case GRU_RESET_FIRST ->
              () -> {
                torch.sigmoid_out(a.get(0), x.get(0)).close();
                torch.sigmoid_out(a.get(1), x.get(1)).close();
                torch.mul_out(next, a.get(0), state).close();
                torch.tanh_out(a.get(2), x.get(2)).close();
                torch.sub_out(h, state, a.get(2)).close();
                h.mul_(a.get(1));
                h.add_(a.get(2));
              };
        });
  }

  private static List<Tensor> columns(TorchArrays arrays, Tensor all, int gates, int units) {
    List<Tensor> parts = new ArrayList<>();
    for (int gate = 0; gate < gates; gate++) {
      parts.add(arrays.own(all.narrow(1, (long) gate * units, units)));
    }
    return parts;
  }
}
