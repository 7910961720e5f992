package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** {@link RecurrentCells}: steps of LSTM and GRU, forward and backward. */
public interface CellContract extends BackendUnderTest {

  /** The operations, with what they take and give: gates and states in, gates and states out. */
  enum Step {
    LSTM(4, 1, 1, 1, 2) {
      @Override
      void run(Backend b, NdArray[] in, NdArray[] out) {
        b.lstm(in[0], in[1], out[0], out[1], out[2]);
      }
    },
    LSTM_BACKWARD(4, 1, 4, 1, 1) {
      @Override
      void run(Backend b, NdArray[] in, NdArray[] out) {
        b.lstmBackward(in[0], in[1], in[2], in[3], in[4], out[0], out[1]);
      }
    },
    GRU(3, 2, 1, 1, 1) {
      @Override
      void run(Backend b, NdArray[] in, NdArray[] out) {
        b.gru(in[0], in[1], in[2], out[0], out[1]);
      }
    },
    GRU_BACKWARD(3, 2, 2, 2, 1) {
      @Override
      void run(Backend b, NdArray[] in, NdArray[] out) {
        b.gruBackward(in[0], in[1], in[2], in[3], out[0], out[1], out[2]);
      }
    },
    GRU_GATES(2, 1, 1, 1, 1) {
      @Override
      void run(Backend b, NdArray[] in, NdArray[] out) {
        b.gruGates(in[0], in[1], out[0], out[1]);
      }
    },
    GRU_STATE(1, 1, 2, 1, 1) {
      @Override
      void run(Backend b, NdArray[] in, NdArray[] out) {
        b.gruState(in[0], in[1], in[2], out[0], out[1]);
      }
    },
    GRU_STATE_BACKWARD(1, 0, 3, 0, 1) {
      @Override
      void run(Backend b, NdArray[] in, NdArray[] out) {
        b.gruStateBackward(in[0], in[1], in[2], out[0]);
      }
    },
    GRU_GATES_BACKWARD(2, 1, 4, 1, 1) {
      @Override
      void run(Backend b, NdArray[] in, NdArray[] out) {
        b.gruGatesBackward(in[0], in[1], in[2], in[3], in[4], out[0], out[1]);
      }
    };

    private final int gates;
    private final int gateIns;
    private final int stateIns;
    private final int gateOuts;
    private final int stateOuts;

    Step(int gates, int gateIns, int stateIns, int gateOuts, int stateOuts) {
      this.gates = gates;
      this.gateIns = gateIns;
      this.stateIns = stateIns;
      this.gateOuts = gateOuts;
      this.stateOuts = stateOuts;
    }

    abstract void run(Backend backend, NdArray[] ins, NdArray[] outs);

    /** {@return whether an input has numbers from −1 to 1} */
    boolean isActivation(int in) {
      return switch (this) {
        case LSTM, GRU, GRU_GATES -> false;
        case LSTM_BACKWARD, GRU_BACKWARD -> in == 0;
        case GRU_STATE -> in == 1;
        case GRU_STATE_BACKWARD, GRU_GATES_BACKWARD -> in < 2;
      };
    }

    boolean isBackward() {
      return switch (this) {
        case LSTM, GRU, GRU_GATES, GRU_STATE -> false;
        case LSTM_BACKWARD, GRU_BACKWARD, GRU_STATE_BACKWARD, GRU_GATES_BACKWARD -> true;
      };
    }

    /** {@return whether the first output may be the first input itself} */
    boolean isForInPlace() {
      return gateIns > 0 && gateOuts > 0;
    }

    String operation() {
      return switch (this) {
        case LSTM -> "lstm";
        case LSTM_BACKWARD -> "lstmBackward";
        case GRU -> "gru";
        case GRU_BACKWARD -> "gruBackward";
        case GRU_GATES -> "gruGates";
        case GRU_STATE -> "gruState";
        case GRU_STATE_BACKWARD -> "gruStateBackward";
        case GRU_GATES_BACKWARD -> "gruGatesBackward";
      };
    }

    int ins() {
      return gateIns + stateIns;
    }

    int outs() {
      return gateOuts + stateOuts;
    }

    Shape shape(int n, int units, boolean isGates) {
      return Shape.of(n, isGates ? gates * units : units);
    }

    Placed[] inputs(Dice dice, DType dtype, int n, int units, Placement in) {
      Placed[] ins = new Placed[ins()];
      for (int i = 0; i < ins.length; i++) {
        Placed x = Placed.of(dice, dtype, shape(n, units, i < gateIns), in);
        boolean inside = isActivation(i);
        ins[i] = x.filled(() -> inside ? dice.between(-1.0, 1.0) : 2 * dice.normal());
      }
      return ins;
    }

    Placed[] outputs(Dice dice, DType dtype, int n, int units, Placement out) {
      Placed[] outs = new Placed[outs()];
      for (int i = 0; i < outs.length; i++) {
        outs[i] = Placed.of(dice, dtype, shape(n, units, i < gateOuts), out.writable());
      }
      return outs;
    }
  }

  private static NdArray[] arrays(Placed[] placed) {
    return Arrays.stream(placed).map(Placed::array).toArray(NdArray[]::new);
  }

  private static Placed[] on(Backend backend, Placed[] placed) {
    return Arrays.stream(placed).map(x -> x.on(backend)).toArray(Placed[]::new);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  default void stepsOfCellsAreAsExactAsTheirFunctions(
      @ForAll Step step,
      @ForAll boolean wantsInPlace,
      @ForAll @IntRange(max = 5) int n,
      @ForAll @IntRange(max = 13) int units,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    boolean inPlace = wantsInPlace && step.isForInPlace();
    Dice dice = new Dice(seed);
    int u = Shapes.AROUND_LANES.get(units);
    Placed[] ins = step.inputs(dice, dtype, n, u, inPlace ? in.writable() : in);
    Placed[] outs = step.outputs(dice, dtype, n, u, out);
    Placed[] expected = on(Placed.REFERENCE, outs);
    step.run(Placed.REFERENCE, arrays(ins), arrays(expected));
    Placed[] given = on(backend(), ins);
    Placed[] actual = on(backend(), outs);
    if (inPlace) {
      actual[0] = given[0];
    }
    String what = step.operation() + " of " + Judge.layouts(ins) + " to " + Judge.layouts(outs);
    Judge.run(() -> what, () -> step.run(backend(), arrays(given), arrays(actual)));
    double size = 1;
    for (Placed state : Arrays.copyOfRange(ins, 1, ins.length)) {
      for (double x : state.numbers()) {
        size = Math.max(size, Math.abs(x));
      }
    }
    // Every summand is a product of at most two states or gradients and of numbers from −1 to 1;
    // slopes of activations beyond their range, 1 − y for y of −1, are at most 2.
    double bound = 16 * Judge.epsilon(dtype) * (step.isBackward() ? 4 * size * size : size);
    for (int i = 0; i < outs.length; i++) {
      double[] bounds = new double[expected[i].numbers().length];
      Arrays.fill(bounds, bound);
      Judge.within(() -> what, expected[i], actual[i], bounds);
    }
    for (int i = inPlace ? 1 : 0; i < given.length; i++) {
      given[i].assertUnchanged(what);
    }
  }

  @Example
  default void cellsRefuseWrongArguments() {
    Dice dice = new Dice(3);
    for (Step step : Step.values()) {
      Placed[] ins = on(backend(), step.inputs(dice, DType.F32, 2, 5, Placement.SLICED));
      Placed[] outs = on(backend(), step.outputs(dice, DType.F32, 2, 5, Placement.SLICED));
      NdArray wide = NdArray.zeros(backend(), DType.F64, Shape.of(2, 5));
      NdArray other = NdArray.zeros(backend(), DType.F32, Shape.of(2, 6));
      for (int i = 0; i < step.ins(); i++) {
        NdArray dead =
            Refusals.dead(backend(), DType.F32, step.shape(2, 5, i < step.gateIns).dims());
        for (NdArray wrong : List.of(wide, other, dead)) {
          NdArray[] some = arrays(ins);
          some[i] = wrong;
          refuse(step, some, arrays(outs), outs);
        }
      }
      for (int i = 0; i < step.outs(); i++) {
        for (NdArray wrong : List.of(wide, other)) {
          NdArray[] some = arrays(outs);
          some[i] = wrong;
          refuse(step, arrays(ins), some, outs);
        }
      }
      NdArray[] shared = arrays(outs);
      shared[step.outs() - 1] = ins[step.ins() - 1].array();
      refuse(step, arrays(ins), shared, outs);
    }
  }

  private void refuse(Step step, NdArray[] ins, NdArray[] outs, Placed[] unchanged) {
    Refusals.refused(step.operation(), () -> step.run(backend(), ins, outs), unchanged);
  }
}
