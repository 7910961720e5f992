package dev.lanewise.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * One call of a kernel.
 *
 * @param op what it does
 * @param outs what it writes; {@code null} where an operation may leave an output out
 * @param ins what it reads; {@code null} where an operation may do without
 */
public record KernelCall(Op op, List<View> outs, List<View> ins) {

  /** Keeps copies of the lists. */
  public KernelCall {
    outs = Collections.unmodifiableList(new ArrayList<>(outs));
    ins = Collections.unmodifiableList(new ArrayList<>(ins));
  }

  static KernelCall of(Op op, View out, View... ins) {
    return new KernelCall(op, List.of(out), Arrays.asList(ins));
  }

  /** {@return all that it reads, its outputs among them if it adds to them} */
  public List<View> reads() {
    List<View> all = new ArrayList<>();
    for (View in : ins) {
      if (in != null) {
        all.add(in);
      }
    }
    if (op.readsOuts()) {
      all.addAll(writes());
    }
    return all;
  }

  /** {@return all that it writes} */
  public List<View> writes() {
    List<View> all = new ArrayList<>();
    for (View out : outs) {
      if (out != null) {
        all.add(out);
      }
    }
    return all;
  }

  /** {@return the same call on other buffers} */
  KernelCall renamed(Map<Buffer, Buffer> others) {
    List<View> read = new ArrayList<>();
    for (View in : ins) {
      read.add(in == null ? null : in.renamed(others));
    }
    return new KernelCall(op, outs, read);
  }

  /** {@return for example {@code t3:f32[8, 32] = matmul(i0:f32[8, 16], w1:f32[16, 32])}} */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    list(text, outs);
    text.append(op.readsOuts() ? " += " : " = ").append(op).append("(");
    list(text, ins);
    return text.append(")").toString();
  }

  private static void list(StringBuilder text, List<View> views) {
    for (int i = 0; i < views.size(); i++) {
      text.append(i == 0 ? "" : ", ").append(views.get(i) == null ? "-" : views.get(i));
    }
  }
}
