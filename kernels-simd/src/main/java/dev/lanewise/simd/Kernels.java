package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The loops made so far, by expression and access pattern. */
final class Kernels {
  /** A program that makes expressions without end must not fill the memory with loops. */
  private static final int MOST = 4096;

  private static final int NAME_LENGTH = 48;

  /** How loops are run in this process. */
  static final LoopMode MODE = LoopMode.configured();

  private static final Map<Key, LoopKernel> COMPILED = new ConcurrentHashMap<>();

  private record Key(
      Form form, DType dtype, List<Expr> exprs, ReduceOp op, int inputs, BitSet rowConstants) {}

  private Kernels() {}

  /**
   * {@return the loop for expressions and an access pattern, compiled at the first call}
   *
   * @param form what the loop does with the values
   * @param dtype the type it computes in
   * @param exprs what it computes
   * @param op how values are combined; null for {@link Form#MAP}
   * @param rowConstant for each argument, whether it has one element a row
   */
  static LoopKernel get(
      Form form, DType dtype, List<Expr> exprs, ReduceOp op, boolean[] rowConstant) {
    BitSet bits = new BitSet(rowConstant.length);
    for (int i = 0; i < rowConstant.length; i++) {
      bits.set(i, rowConstant[i]);
    }
    Key key = new Key(form, dtype, exprs, op, rowConstant.length, bits);
    LoopKernel kernel = COMPILED.get(key);
    if (kernel != null) {
      return kernel;
    }
    if (COMPILED.size() >= MOST) {
      COMPILED.clear();
    }
    return COMPILED.computeIfAbsent(key, k -> compile(k, rowConstant.clone()));
  }

  private static LoopKernel compile(Key key, boolean[] rowConstant) {
    Lowering.Body body = Lowering.lower(key.dtype, key.exprs);
    return of(new LoopSpec(key.form, body, rowConstant, key.op), name(key));
  }

  /**
   * {@return a new loop, run in this process's mode}
   *
   * @param spec what it does
   * @param name what profilers show
   */
  static LoopKernel of(LoopSpec spec, String name) {
    if (spec.isForBlocks()) {
      return new BlockLoop(spec);
    }
    return switch (MODE) {
      case AUTO -> new AdaptiveLoop(spec, name);
      case COMPILED -> PartedLoop.compile(spec, name);
      case INTERPRETED -> new BlockLoop(spec);
    };
  }

  /** Hidden frames are absent from stack traces, but profilers show the class's name. */
  private static String name(Key key) {
    String text =
        "Loop_" + key.form + "_" + (key.op == null ? "" : key.op + "_") + key.exprs.getFirst();
    String plain = text.replaceAll("[^A-Za-z0-9]+", "_");
    return plain.substring(0, Math.min(plain.length(), NAME_LENGTH));
  }
}
