package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import java.util.List;
import java.util.Locale;

/**
 * A step of a recurrent cell after its products, or the step's gradients.
 *
 * @param cell which cell
 * @param backward whether it is the gradients
 * @param rows samples
 * @param units units
 */
public record RecurrentStep(Cell cell, boolean backward, int rows, int units)
    implements KernelCase {
  /** Which cell. */
  public enum Cell {
    /** The gates i, f, g and o. */
    LSTM(4),
    /** The gates r, z and g. */
    GRU(3),
    /** The same with the reset gate before the product: both parts of the step. */
    GRU_RESET_FIRST(3);

    private final int gates;

    Cell(int gates) {
      this.gates = gates;
    }

    /** {@return how many gates a unit has} */
    public int gates() {
      return gates;
    }
  }

  @Override
  public String kernel() {
    String name = cell.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return name + (backward ? " backward" : " forward");
  }

  @Override
  public String shape() {
    return rows + "x" + units;
  }

  /** {@return the memory of gates and states, those that are read and those that are written} */
  @Override
  public Work work() {
    return Work.memory((backward ? 13.0 : 11.0) * rows * units);
  }

  @Override
  public boolean isQuick() {
    return rows * units <= Lengths.IN_CACHE;
  }

  /**
   * {@return the gates' pre-activations, the inputs' part and the state's; the state; the gradients
   * by the next h and the next c} Only a GRU that resets last takes the state's part of the gates,
   * and only it has one gradient alone: where the reset comes first, the second is by what was
   * reset.
   */
  @Override
  public List<float[]> inputs() {
    int states = rows * units;
    return List.of(
        RandomFloats.of(cell.gates * states, 3, 1),
        RandomFloats.of(cell.gates * states, 3, 2),
        RandomFloats.of(states, 1, 3),
        RandomFloats.of(states, 1, 4),
        RandomFloats.of(states, 1, 5));
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    NdArray[] in = new NdArray[inputs.size()];
    for (int i = 0; i < in.length; i++) {
      in[i] = NdArray.of(backend, inputs.get(i), rows, i < 2 ? cell.gates * units : units);
    }
    Shape gates = in[0].shape();
    Shape state = in[2].shape();
    NdArray activations = backend.uninitialized(DType.F32, gates);
    NdArray next = backend.uninitialized(DType.F32, state);
    NdArray hNext = backend.uninitialized(DType.F32, state);
    Runnable forward =
        switch (cell) {
          case LSTM -> () -> backend.lstm(in[0], in[2], activations, next, hNext);
          case GRU -> () -> backend.gru(in[0], in[1], in[2], activations, hNext);
          case GRU_RESET_FIRST -> {
            NdArray[] x = parts(in[0]);
            NdArray[] a = parts(activations);
            NdArray z = activations.slice(1, units, 2 * units);
            yield () -> {
              backend.gruGates(x[0], in[2], a[0], next);
              backend.gruState(x[1], z, in[2], a[1], hNext);
            };
          }
        };
    if (!backward) {
      return Kernel.of(scope, List.of(activations, hNext), forward);
    }
    forward.run();
    NdArray gatesGrad = backend.uninitialized(DType.F32, gates);
    NdArray partGrad = backend.uninitialized(DType.F32, gates);
    NdArray stateGrad = backend.uninitialized(DType.F32, state);
    Runnable gradients =
        switch (cell) {
          case LSTM ->
              () ->
                  backend.lstmBackward(
                      activations, in[2], next, in[3], in[4], gatesGrad, stateGrad);
          case GRU ->
              () ->
                  backend.gruBackward(
                      activations, in[1], in[2], in[3], gatesGrad, partGrad, stateGrad);
          case GRU_RESET_FIRST -> {
            NdArray[] a = parts(activations);
            NdArray[] grads = parts(gatesGrad);
            NdArray z = activations.slice(1, units, 2 * units);
            yield () -> {
              backend.gruStateBackward(a[1], z, in[3], grads[1]);
              backend.gruGatesBackward(a[0], a[1], in[2], in[3], in[4], grads[0], stateGrad);
            };
          }
        };
    return Kernel.of(scope, List.of(gatesGrad, stateGrad), gradients);
  }

  /** {@return the gates r and z, and the gate g} */
  private NdArray[] parts(NdArray gates) {
    return new NdArray[] {gates.slice(1, 0, 2 * units), gates.slice(1, 2 * units, 3 * units)};
  }

  /** {@return gates and next h, or the gradients by the inputs' part of the gates and the state} */
  @Override
  public Exact exact(List<float[]> inputs) {
    int gateNumbers = cell.gates * rows * units;
    return new Exact(
        gateNumbers + rows * units,
        20,
        index -> {
          boolean isState = index >= gateNumbers;
          int unit =
              isState ? index - gateNumbers : index / (cell.gates * units) * units + index % units;
          double[] unitOuts =
              switch (cell) {
                case LSTM -> lstm(inputs, unit);
                case GRU -> gru(inputs, unit);
                case GRU_RESET_FIRST -> gruWithResetFirst(inputs, unit);
              };
          double value = unitOuts[isState ? cell.gates : index / units % cell.gates];
          return new Exact.Element(value, 1e-5 * (1 + Math.abs(value)));
        });
  }

  /** {@return a gate's pre-activation in a part} */
  private double gate(float[] part, int unit, int gate) {
    return part[(unit / units * cell.gates + gate) * units + unit % units];
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private double[] lstm(List<float[]> inputs, int unit) {
    float[] gates = inputs.get(0);
    double i = sigmoid(gate(gates, unit, 0));
    double f = sigmoid(gate(gates, unit, 1));
    double g = Math.tanh(gate(gates, unit, 2));
    double o = sigmoid(gate(gates, unit, 3));
    double c = inputs.get(2)[unit];
    double t = Math.tanh(f * c + i * g);
    if (!backward) {
      return new double[] {i, f, g, o, o * t};
    }
    double up = inputs.get(3)[unit];
    double ofC = inputs.get(4)[unit] + up * o * (1 - t * t);
    return new double[] {
      ofC * g * i * (1 - i),
      ofC * c * f * (1 - f),
      ofC * i * (1 - g * g),
      up * t * o * (1 - o),
      ofC * f
    };
  }

  private double[] gru(List<float[]> inputs, int unit) {
    float[] x = inputs.get(0);
    float[] s = inputs.get(1);
    double r = sigmoid(gate(x, unit, 0) + gate(s, unit, 0));
    double z = sigmoid(gate(x, unit, 1) + gate(s, unit, 1));
    double part = gate(s, unit, 2);
    double g = Math.tanh(gate(x, unit, 2) + r * part);
    double h = inputs.get(2)[unit];
    if (!backward) {
      return new double[] {r, z, g, (1 - z) * g + z * h};
    }
    double up = inputs.get(3)[unit];
    double ofG = up * (1 - z) * (1 - g * g);
    return new double[] {ofG * part * r * (1 - r), up * (h - g) * z * (1 - z), ofG, up * z};
  }

  private double[] gruWithResetFirst(List<float[]> inputs, int unit) {
    float[] x = inputs.get(0);
    double r = sigmoid(gate(x, unit, 0));
    double z = sigmoid(gate(x, unit, 1));
    double g = Math.tanh(gate(x, unit, 2));
    double h = inputs.get(2)[unit];
    if (!backward) {
      return new double[] {r, z, g, (1 - z) * g + z * h};
    }
    double up = inputs.get(3)[unit];
    double ofReset = inputs.get(4)[unit];
    return new double[] {
      ofReset * h * r * (1 - r),
      up * (h - g) * z * (1 - z),
      up * (1 - z) * (1 - g * g),
      up * z + ofReset * r
    };
  }
}
