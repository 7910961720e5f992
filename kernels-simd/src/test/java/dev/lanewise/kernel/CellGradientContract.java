package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;

/** {@link RecurrentCells}: gradients of whole steps, by differences of what the steps give. */
public interface CellGradientContract extends BackendUnderTest {
  /** Samples. */
  int N = 3;

  /** Units. */
  int U = 5;

  /** What a step gives and what its gradients are, each of the arguments in their order. */
  interface Cell {
    List<NdArray> forward(Backend backend, NdArray[] arguments);

    List<NdArray> backward(Backend backend, NdArray[] arguments, NdArray[] outGrads);
  }

  /** Of the pre-activations and c: the next h and the next c. */
  record Lstm() implements Cell {
    @Override
    public List<NdArray> forward(Backend b, NdArray[] in) {
      NdArray h = like(in[1]);
      NdArray c = like(in[1]);
      b.lstm(in[0], in[1], like(in[0]), c, h);
      return List.of(h, c);
    }

    @Override
    public List<NdArray> backward(Backend b, NdArray[] in, NdArray[] outGrads) {
      NdArray activations = like(in[0]);
      NdArray c = like(in[1]);
      b.lstm(in[0], in[1], activations, c, like(c));
      NdArray cGrad = like(c);
      b.lstmBackward(activations, in[1], c, outGrads[0], outGrads[1], activations, cGrad);
      return List.of(activations, cGrad);
    }
  }

  /** Of the inputs' part of the pre-activations, the state's part and h: the next h. */
  record Gru() implements Cell {
    @Override
    public List<NdArray> forward(Backend b, NdArray[] in) {
      NdArray h = like(in[2]);
      b.gru(in[0], in[1], in[2], like(in[0]), h);
      return List.of(h);
    }

    @Override
    public List<NdArray> backward(Backend b, NdArray[] in, NdArray[] outGrads) {
      NdArray activations = like(in[0]);
      b.gru(in[0], in[1], in[2], activations, like(in[2]));
      NdArray hGates = like(in[1]);
      NdArray h = like(in[2]);
      b.gruBackward(activations, in[1], in[2], outGrads[0], activations, hGates, h);
      return List.of(activations, hGates, h);
    }
  }

  /**
   * Of the pre-activations without the candidate's product, h and that product's weights: the next
   * h, as the documentation of {@link RecurrentCells#gruGates} makes it.
   */
  record GruWithResetFirst() implements Cell {
    /** What a step computes of its arguments. */
    private record Step(NdArray activations, NdArray resetH, NdArray hNext) {
      NdArray rz() {
        return activations.slice(1, 0, 2 * U);
      }

      NdArray z() {
        return activations.slice(1, U, 2 * U);
      }

      NdArray g() {
        return activations.slice(1, 2 * U, 3 * U);
      }
    }

    private static Step step(Backend b, NdArray[] in) {
      Step step = new Step(like(in[0]), like(in[1]), like(in[1]));
      b.copy(in[0], step.activations);
      b.gruGates(step.rz(), in[1], step.rz(), step.resetH);
      b.matmul(step.resetH, in[2], 1, 1, step.g());
      b.gruState(step.g(), step.z(), in[1], step.g(), step.hNext);
      return step;
    }

    @Override
    public List<NdArray> forward(Backend b, NdArray[] in) {
      return List.of(step(b, in).hNext);
    }

    @Override
    public List<NdArray> backward(Backend b, NdArray[] in, NdArray[] outGrads) {
      Step step = step(b, in);
      NdArray gates = like(in[0]);
      NdArray candidate = gates.slice(1, 2 * U, 3 * U);
      NdArray resetH = like(in[1]);
      NdArray h = like(in[1]);
      NdArray weights = like(in[2]);
      b.gruStateBackward(step.g(), step.z(), outGrads[0], candidate);
      b.matmul(candidate, in[2].permute(1, 0), 1, 0, resetH);
      b.matmul(step.resetH.permute(1, 0), candidate, 1, 0, weights);
      NdArray rz = gates.slice(1, 0, 2 * U);
      b.gruGatesBackward(step.rz(), step.g(), in[1], outGrads[0], resetH, rz, h);
      return List.of(gates, h, weights);
    }
  }

  private static NdArray like(NdArray x) {
    return NdArray.zeros(x.device(), x.dtype(), x.shape());
  }

  private NdArray normals(Dice dice, Shape shape) {
    return Placed.of(dice, DType.F64, shape, Placement.DENSE)
        .filled(dice::normal)
        .on(backend())
        .array();
  }

  private NdArray[] normals(Dice dice, int rows, int... widths) {
    return Arrays.stream(widths)
        .mapToObj(width -> normals(dice, Shape.of(rows, width)))
        .toArray(NdArray[]::new);
  }

  @Example
  default void gradientsOfCellsAreDifferenceQuotients() {
    Dice dice = new Dice(5);
    check(new Lstm(), normals(dice, N, 4 * U, U), normals(dice, N, U, U));
    check(new Gru(), normals(dice, N, 3 * U, 3 * U, U), normals(dice, N, U));
    NdArray[] in = normals(dice, N, 3 * U, U, U);
    in[2] = normals(dice, Shape.of(U, U));
    check(new GruWithResetFirst(), in, normals(dice, N, U));
  }

  private void check(Cell cell, NdArray[] in, NdArray[] outGrads) {
    List<NdArray> gradients = cell.backward(backend(), in, outGrads);
    double step = 1e-5;
    for (int argument = 0; argument < in.length; argument++) {
      double[] values = in[argument].toDoubleArray();
      double[] gradient = gradients.get(argument).toDoubleArray();
      for (int i = 0; i < values.length; i++) {
        double above = total(cell, in, outGrads, argument, i, step);
        double below = total(cell, in, outGrads, argument, i, -step);
        double slope = (above - below) / (2 * step);
        // The quotient is off by the step's square and by the sums' rounding over the step.
        if (!(Math.abs(slope - gradient[i]) <= 1e-8)) {
          throw new AssertionError(
              cell
                  + ": the gradient of argument "
                  + argument
                  + " at "
                  + i
                  + " should be "
                  + slope
                  + " but is "
                  + gradient[i]);
        }
      }
    }
  }

  /** {@return the outputs' sum, weighted by their gradients, with one number moved} */
  private double total(
      Cell cell, NdArray[] in, NdArray[] outGrads, int argument, int i, double step) {
    double[] values = in[argument].toDoubleArray();
    values[i] += step;
    NdArray[] moved = in.clone();
    moved[argument] = NdArray.of(backend(), values, in[argument].shape().dims());
    List<NdArray> outs = cell.forward(backend(), moved);
    double total = 0;
    for (int out = 0; out < outGrads.length; out++) {
      double[] y = outs.get(out).toDoubleArray();
      double[] weights = outGrads[out].toDoubleArray();
      for (int j = 0; j < y.length; j++) {
        total += y[j] * weights[j];
      }
    }
    return total;
  }
}
