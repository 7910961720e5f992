package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Expressions too long for one loop, cut into several. The JIT gives up on very long loops (one of
 * 217 instructions still compiled well, one of 641 ran 1,000 times slower), so parts are computed
 * into temporaries first.
 *
 * @param temporaries what to compute first, each into an array of its own; the i-th may use the
 *     arrays before it, which are numbered after the call's own
 * @param finals what to compute then
 */
record Cut(List<Expr> temporaries, List<Expr> finals) {
  private static final int LONGEST = 200;
  private static final int MOST = 4096;
  private static final Map<Key, Cut> KNOWN = new ConcurrentHashMap<>();

  private record Key(DType dtype, List<Expr> exprs, int inputs) {}

  /** {@return the cut of expressions over some arrays; without temporaries if they are short} */
  static Cut of(DType dtype, List<Expr> exprs, int inputs) {
    Key key = new Key(dtype, exprs, inputs);
    Cut known = KNOWN.get(key);
    if (known != null) {
      return known;
    }
    if (KNOWN.size() >= MOST) {
      KNOWN.clear();
    }
    return KNOWN.computeIfAbsent(key, Cut::compute);
  }

  private static Cut compute(Key key) {
    List<Expr> temporaries = new ArrayList<>();
    List<Expr> finals = new ArrayList<>(key.exprs);
    while (size(key.dtype, finals) > LONGEST) {
      Expr part = largestThatFits(key.dtype, finals);
      Expr array = Expr.arg(key.inputs + temporaries.size());
      temporaries.add(part);
      finals.replaceAll(e -> Exprs.replace(e, part, array));
    }
    return new Cut(List.copyOf(temporaries), List.copyOf(finals));
  }

  private static int size(DType dtype, List<Expr> exprs) {
    return Lowering.lower(dtype, exprs).ssa().size();
  }

  private static Expr largestThatFits(DType dtype, List<Expr> exprs) {
    Expr largest = null;
    int most = 0;
    for (Expr root : exprs) {
      for (Expr part : Exprs.parts(root)) {
        boolean leaf =
            part instanceof Expr.Arg || part instanceof Expr.Param || part instanceof Expr.Const;
        int size = leaf ? 0 : size(dtype, List.of(part));
        if (size > most && size <= LONGEST) {
          most = size;
          largest = part;
        }
      }
    }
    if (largest == null) {
      throw new AssertionError("no operation has more than " + LONGEST + " instructions");
    }
    return largest;
  }
}
