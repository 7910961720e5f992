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
 * inputs too; very many are written by several last parts, which read temporaries alone.
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

  /** So many results are read from temporaries and written by one part. */
  private static final int MOST_WRITTEN = 24;

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

    /** Whether all results go through temporaries, as one part can not write so many outputs. */
    private final boolean copies;

    Cutter(LoopSpec whole) {
      this.whole = whole;
      this.code = whole.body().ssa().code();
      this.end = code.size();
      this.lastUse = new int[end];
      this.temporary = new int[end];
      this.copies = whole.outputs() > MOST_WRITTEN;
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
        if (whole.body().ssa().isMask(operand)) {
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
      int[] results = whole.body().results();
      for (int i = 0; copies && i < results.length; i += MOST_WRITTEN) {
        int[] some = Arrays.copyOfRange(results, i, Math.min(results.length, i + MOST_WRITTEN));
        Builder part = new Builder(end, some, true);
        parts.add(new LoopPart(part.spec(), part.arrays(whole.inputs() + i)));
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
      assert best > from : "an instruction alone does not fit";
      return best;
    }

    private boolean isComputed(int value) {
      Ssa.Op op = code.get(value).op();
      return op.operands() > 0 && !op.isMask();
    }

    /** {@return the values that are known before an instruction, and needed by it or later} */
    private BitSet passed(int at) {
      BitSet values = new BitSet();
      for (int i = 0; i < at; i++) {
        boolean copied = copies && lastUse[i] == end;
        values.set(i, copied || at < end && isComputed(i) && lastUse[i] >= at);
      }
      return values;
    }

    /** Gives what a part passes on its temporaries, and lets those go that none needs any more. */
    private LoopPart finish(Builder part, int to) {
      int[] arrays = part.arrays(whole.inputs());
      if (!part.last) {
        int inputs = part.inputs.size();
        for (int i = 0; i < part.outs.length; i++) {
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

    /** {@return what a part of some instructions gives: results, or what it passes on} */
    private int[] outs(int from, int to) {
      if (to == end && !copies) {
        return whole.body().results();
      }
      BitSet fresh = passed(to);
      fresh.clear(0, from);
      return fresh.stream().toArray();
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
        this(from, outs(from, to), to == end && !copies);
      }

      Builder(int from, int[] outs, boolean last) {
        this.from = from;
        this.last = last;
        this.outs = outs;
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
        if (from == end || isComputed(value) && value < from) {
          return ssa.arg(input(~value));
        }
        if (in.op() == Ssa.Op.ARG) {
          return ssa.arg(input(in.a()));
        }
        return ssa.copy(in, Arrays.stream(in.operands()).map(this::number).toArray());
      }

      private int input(int source) {
        if (!inputs.contains(source)) {
          inputs.add(source);
        }
        return inputs.indexOf(source);
      }

      /** {@return the inputs' arrays, and as many from a first output on as there are results} */
      int[] arrays(int firstOut) {
        IntStream ins = inputs.stream().mapToInt(i -> i < 0 ? temporary[~i] : i);
        return IntStream.concat(ins, IntStream.range(firstOut, firstOut + outs.length)).toArray();
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
