package dev.lanewise.simd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A part of a loop that is too long for one method: what it computes goes into temporaries, which
 * the parts after it read. Only the last part writes the loop's outputs, so that they may be its
 * inputs too.
 *
 * @param spec what the part does
 * @param arrays for each of its arrays, the number of the whole loop's; temporaries have the
 *     numbers after those
 */
record LoopPart(LoopSpec spec, int[] arrays) {

  /** {@return the parts of a loop, in their order; one if it is short} */
  static List<LoopPart> of(LoopSpec whole) {
    if (whole.fits(1)) {
      int arrays = whole.inputs() + whole.outputs();
      return List.of(new LoopPart(whole, IntStream.range(0, arrays).toArray()));
    }
    return new Cutter(whole).parts();
  }

  /** Cuts a loop where few values are on their way from one instruction to another. */
  private static final class Cutter {
    private final LoopSpec whole;
    private final List<Ssa.Instruction> code;
    private final int end;

    /** The last instruction that needs a value; {@link #end} for a result. */
    private final int[] lastUse;

    /** For each value that is passed on, the number of its temporary among the arrays. */
    private final int[] temporary;

    private final BitSet taken = new BitSet();

    Cutter(LoopSpec whole) {
      this.whole = whole;
      this.code = whole.body().ssa().code();
      this.end = code.size();
      this.lastUse = new int[end];
      this.temporary = new int[end];
      taken.set(0, whole.inputs() + whole.outputs());
      for (int i = 0; i < end; i++) {
        use(i, i);
      }
      for (int result : whole.body().results()) {
        lastUse[result] = end;
      }
    }

    /** A mask is computed again by each part that needs it: its operands are what is passed on. */
    private void use(int i, int user) {
      for (int operand : code.get(i).operands()) {
        lastUse[operand] = user;
        if (code.get(operand).op().isMask()) {
          use(operand, user);
        }
      }
    }

    List<LoopPart> parts() {
      List<LoopPart> parts = new ArrayList<>();
      int from = 0;
      while (from < end) {
        int to = bestEnd(from);
        parts.add(finish(new Builder(from, to), to));
        from = to;
      }
      return parts;
    }

    /**
     * {@return where a part had best end} Where it passes on least; but a part that would fit twice
     * is taken only if there is no longer one.
     */
    private int bestEnd(int from) {
      int best = from;
      int fewest = Integer.MAX_VALUE;
      for (int to = from + 1; to <= end; to++) {
        LoopSpec spec = new Builder(from, to).spec();
        if (!spec.fits(1)) {
          break;
        }
        int passed = passed(to).cardinality();
        boolean isShort = spec.fits(2);
        if (to == end || isShort || passed <= fewest) {
          best = to;
          fewest = isShort ? Integer.MAX_VALUE : passed;
        }
      }
      return best;
    }

    private boolean isComputed(int value) {
      Ssa.Op op = code.get(value).op();
      return op.operands() > 0 && !op.isMask();
    }

    /** {@return the values that are computed before an instruction, and needed by it or later} */
    private BitSet passed(int at) {
      BitSet values = new BitSet();
      for (int i = 0; at < end && i < at; i++) {
        values.set(i, isComputed(i) && lastUse[i] >= at);
      }
      return values;
    }

    /** Gives what a part passes on its temporaries, and lets those go that none needs any more. */
    private LoopPart finish(Builder part, int to) {
      int inputs = part.inputs.size();
      int[] arrays = Arrays.copyOf(part.arrays(), inputs + part.outs.length);
      for (int i = 0; i < part.outs.length; i++) {
        if (to == end) {
          arrays[inputs + i] = whole.inputs() + i;
        } else {
          int free = taken.nextClearBit(0);
          taken.set(free);
          temporary[part.outs[i]] = free;
          arrays[inputs + i] = free;
        }
      }
      taken.clear(whole.inputs() + whole.outputs(), taken.length());
      passed(to).stream().forEach(value -> taken.set(temporary[value]));
      return new LoopPart(part.spec(), arrays);
    }

    /** The program of one part. */
    private final class Builder {
      private final Ssa ssa = new Ssa(whole.dtype());
      private final int from;
      private final boolean last;

      /** The values that the part gives. */
      private final int[] outs;

      private final int[] results;

      /** For each input, the array of the whole loop, or {@code ~value} of an earlier part. */
      private final List<Integer> inputs = new ArrayList<>();

      private final Map<Integer, Integer> numbers = new HashMap<>();

      /** Of the instructions from one to the one before another. */
      Builder(int from, int to) {
        this.from = from;
        this.last = to == end;
        BitSet fresh = passed(to);
        fresh.clear(0, from);
        this.outs = last ? whole.body().results() : fresh.stream().toArray();
        this.results = Arrays.stream(outs).map(this::number).toArray();
      }

      private int number(int value) {
        Integer known = numbers.get(value);
        if (known == null) {
          known = add(value);
          numbers.put(value, known);
        }
        return known;
      }

      private int add(int value) {
        Ssa.Instruction in = code.get(value);
        if (in.op() == Ssa.Op.ARG) {
          return ssa.arg(input(in.a()));
        }
        if (isComputed(value) && value < from) {
          return ssa.arg(input(~value));
        }
        return ssa.copy(in, Arrays.stream(in.operands()).map(this::number).toArray());
      }

      private int input(int source) {
        if (!inputs.contains(source)) {
          inputs.add(source);
        }
        return inputs.indexOf(source);
      }

      int[] arrays() {
        return inputs.stream().mapToInt(i -> i < 0 ? temporary[~i] : i).toArray();
      }

      LoopSpec spec() {
        boolean[] rowConstant = new boolean[inputs.size()];
        for (int i = 0; i < rowConstant.length; i++) {
          rowConstant[i] = inputs.get(i) >= 0 && whole.rowConstant()[inputs.get(i)];
        }
        Lowering.Body body = new Lowering.Body(ssa, results);
        return last
            ? new LoopSpec(whole.form(), body, rowConstant, whole.op())
            : new LoopSpec(Form.MAP, body, rowConstant, null);
      }
    }
  }
}
