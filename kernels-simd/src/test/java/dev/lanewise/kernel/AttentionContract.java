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

/** {@link Attention}: any lengths, masks, causal or not, forward and backward. */
public interface AttentionContract extends BackendUnderTest {

  /** The arrays of a call: queries, keys, values, mask or null, gradient by the output. */
  record Case(AttentionSpec spec, Placed q, Placed k, Placed v, Placed mask, Placed up) {

    static Case of(
        Dice dice, DType dtype, int[] batch, int n, int m, boolean causal, Placement in) {
      int d = dice.pick(List.of(0, 1, 3, 8, 17));
      int e = dice.pick(List.of(0, 1, 5, 16));
      Shape q = shape(batch, n, d);
      Shape k = shape(batch, m, d);
      Shape v = shape(batch, m, e);
      AttentionSpec spec = AttentionSpec.of(q, k, v).withScale(dice.oneIn(2) ? 0.3 : 1.5);
      Placed mask = null;
      if (dice.oneIn(2)) {
        int[] dims = spec.scores().dims();
        for (int i = 0; i < dims.length; i++) {
          dims[i] = dice.oneIn(3) ? 1 : dims[i];
        }
        int rare = dice.between(2, 6);
        mask =
            Placed.of(dice, dtype, Shape.of(dims), in)
                .filled(() -> dice.oneIn(rare) ? Double.NEGATIVE_INFINITY : dice.normal());
      }
      return new Case(
          causal ? spec.causal() : spec,
          Placed.of(dice, dtype, q, in, Values.ORDINARY),
          Placed.of(dice, dtype, k, in, Values.ORDINARY),
          Placed.of(dice, dtype, v, in, Values.ORDINARY),
          mask,
          Placed.of(dice, dtype, spec.output(), in, Values.ORDINARY));
    }

    private static Shape shape(int[] batch, int rows, int columns) {
      int[] dims = Arrays.copyOf(batch, batch.length + 2);
      dims[batch.length] = rows;
      dims[batch.length + 1] = columns;
      return Shape.of(dims);
    }

    Case on(Backend backend) {
      return new Case(
          spec,
          q.on(backend),
          k.on(backend),
          v.on(backend),
          mask == null ? null : mask.on(backend),
          up.on(backend));
    }

    NdArray maskArray() {
      return mask == null ? null : mask.array();
    }

    void assertUnchanged(String what) {
      for (Placed in : Arrays.asList(q, k, v, mask, up)) {
        if (in != null) {
          in.assertUnchanged(what);
        }
      }
    }

    @Override
    public String toString() {
      return spec + " of " + Judge.layouts(q, k, v, mask, up);
    }
  }

  /**
   * What errors are made of: for each query the error of its scores, relative to what is summed.
   * Sizes are sums of absolute values along the same ways that the numbers themselves go.
   */
  final class Sizes {
    final double[] out;
    final double[] log;
    final double[] q;
    final double[] k;
    final double[] v;

    Sizes(Case given) {
      AttentionSpec spec = given.spec;
      int n = spec.queries().dim(-2);
      int m = spec.keys().dim(-2);
      int d = spec.queries().dim(-1);
      int e = spec.values().dim(-1);
      int batch = (int) spec.batch().size();
      double[] qs = given.q.numbers();
      double[] ks = given.k.numbers();
      double[] vs = given.v.numbers();
      double[] ups = given.up.numbers();
      double[] masks =
          given.mask == null ? null : given.mask.array().broadcastTo(spec.scores()).toDoubleArray();
      double eps = Judge.epsilon(given.q.dtype());
      out = new double[batch * n * e];
      log = new double[batch * n];
      q = new double[qs.length];
      k = new double[ks.length];
      v = new double[vs.length];
      boolean equal = given.q.layout().repeats() || given.k.layout().repeats();
      equal |= given.v.layout().repeats() || given.up.layout().repeats();
      double c = sum(n, equal) + sum(m, equal) + sum(d, equal) + sum(e, equal) + 24;
      for (int row = 0; row < batch * n; row++) {
        int seen = spec.visible(row % n);
        int first = row / n * m;
        double[] s = new double[seen];
        double worst = 0;
        double largest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < seen; j++) {
          double size = 0;
          for (int a = 0; a < d; a++) {
            double product = qs[row * d + a] * ks[(first + j) * d + a] * spec.scale();
            s[j] += product;
            size += Math.abs(product);
          }
          double added = masks == null ? 0 : masks[row * m + j];
          s[j] += added;
          largest = Math.max(largest, s[j]);
          if (s[j] != Double.NEGATIVE_INFINITY) {
            worst = Math.max(worst, size + Math.abs(added));
          }
        }
        double relative = eps * (c + (2 * sum(d, equal) + 6) * worst);
        double total = 0;
        for (int j = 0; j < seen; j++) {
          s[j] = largest == Double.NEGATIVE_INFINITY ? 0 : Math.exp(s[j] - largest);
          total += s[j];
        }
        log[row] = relative + eps * Math.abs(largest == Double.NEGATIVE_INFINITY ? 0 : largest);
        double mean = 0;
        double[] pGrad = new double[seen];
        for (int j = 0; j < seen; j++) {
          s[j] = total == 0 ? 0 : s[j] / total;
          for (int b = 0; b < e; b++) {
            double value = Math.abs(vs[(first + j) * e + b]);
            double up = Math.abs(ups[row * e + b]);
            out[row * e + b] += relative * s[j] * value;
            v[(first + j) * e + b] += relative * s[j] * up;
            pGrad[j] += value * up;
          }
          mean += s[j] * pGrad[j];
        }
        for (int j = 0; j < seen; j++) {
          double grad = 2 * relative * s[j] * (pGrad[j] + mean) * Math.abs(spec.scale());
          for (int a = 0; a < d; a++) {
            q[row * d + a] += grad * Math.abs(ks[(first + j) * d + a]);
            k[(first + j) * d + a] += grad * Math.abs(qs[row * d + a]);
          }
        }
      }
      double tiny = RowLines.tiny(given.q.dtype());
      for (double[] all : List.of(out, log, q, k, v)) {
        for (int i = 0; i < all.length; i++) {
          all[i] += tiny;
        }
      }
    }

    private static double sum(int terms, boolean equal) {
      return (equal ? terms : Math.min(terms, 4 * Math.sqrt(terms))) / 2;
    }
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  default void attentionAndItsGradientsAreAsExactAsTheirSums(
      @ForAll @IntRange(max = 2) int batchAxes,
      @ForAll @IntRange(max = 13) int n,
      @ForAll @IntRange(max = 13) int m,
      @ForAll boolean causal,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    int[] batch = new int[batchAxes];
    Arrays.setAll(batch, i -> dice.oneIn(9) ? 0 : dice.between(1, 3));
    int queries = Shapes.AROUND_LANES.get(n);
    int keys = Shapes.AROUND_LANES.get(m);
    judge(dice, Case.of(dice, dtype, batch, queries, keys, causal, in), out);
  }

  @Example
  default void longSequencesGoBlockByBlock() {
    Dice dice = new Dice(11);
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      for (boolean causal : new boolean[] {false, true}) {
        for (int[] nm : new int[][] {{130, 600}, {257, 257}, {300, 70}, {3, 1000}}) {
          int[] batch = {dice.between(1, 2)};
          Case given = Case.of(dice, dtype, batch, nm[0], nm[1], causal, Placement.OFFSET);
          judge(dice, given, Placement.OFFSET);
        }
      }
    }
  }

  private void judge(Dice dice, Case given, Placement placement) {
    AttentionSpec spec = given.spec;
    DType dtype = given.q.dtype();
    Placement writable = placement.writable();
    Placed out = Placed.of(dice, dtype, spec.output(), writable);
    Placed log = Placed.of(dice, dtype, spec.rows(), writable);
    Placed expectedOut = out.twin();
    Placed expectedLog = log.twin();
    forward(Placed.REFERENCE, given, expectedOut, expectedLog);
    Placed actualOut = out.on(backend());
    Placed actualLog = log.on(backend());
    Case here = given.on(backend());
    String what = "attention " + given;
    Judge.run(() -> what, () -> forward(backend(), here, actualOut, actualLog));
    Sizes sizes = new Sizes(given);
    Judge.within(() -> what, expectedOut, actualOut, sizes.out);
    Judge.within(() -> what, expectedLog, actualLog, sizes.log);
    here.assertUnchanged(what);

    Placed[] grads = {
      Placed.of(dice, dtype, spec.queries(), writable),
      Placed.of(dice, dtype, spec.keys(), writable),
      Placed.of(dice, dtype, spec.values(), writable)
    };
    Placed[] expected = new Placed[3];
    Placed[] actual = new Placed[3];
    for (int i = 0; i < 3; i++) {
      expected[i] = grads[i].twin();
      actual[i] = grads[i].on(backend());
    }
    backward(Placed.REFERENCE, given, expectedOut, expectedLog, expected);
    String back = "attentionBackward " + given + " to " + Judge.layouts(grads);
    Judge.run(() -> back, () -> backward(backend(), here, actualOut, actualLog, actual));
    Judge.within(() -> back, expected[0], actual[0], sizes.q);
    Judge.within(() -> back, expected[1], actual[1], sizes.k);
    Judge.within(() -> back, expected[2], actual[2], sizes.v);
    here.assertUnchanged(back);
  }

  private static void forward(Backend backend, Case given, Placed out, Placed log) {
    backend.attention(
        given.spec,
        given.q.array(),
        given.k.array(),
        given.v.array(),
        given.maskArray(),
        out.array(),
        log.array());
  }

  private static void backward(
      Backend backend, Case given, Placed out, Placed log, Placed[] grads) {
    backend.attentionBackward(
        given.spec,
        given.q.array(),
        given.k.array(),
        given.v.array(),
        given.maskArray(),
        out.array(),
        log.array(),
        given.up.array(),
        grads[0].array(),
        grads[1].array(),
        grads[2].array());
  }

  @Example
  default void attentionRefusesWrongArguments() {
    AttentionSpec spec = AttentionSpec.of(Shape.of(2, 3, 4), Shape.of(2, 5, 4), Shape.of(2, 5, 6));
    Placed q = given(DType.F32, 2, 3, 4);
    Placed k = given(DType.F32, 2, 5, 4);
    Placed v = given(DType.F32, 2, 5, 6);
    Placed out = given(DType.F32, 2, 3, 6);
    Placed log = given(DType.F32, 2, 3);
    NdArray[] right = {q.array(), k.array(), v.array(), null, out.array(), log.array()};
    Placed[] grads = {
      given(DType.F32, 2, 3, 4), given(DType.F32, 2, 5, 4), given(DType.F32, 2, 5, 6)
    };
    for (int i = 0; i < right.length; i++) {
      NdArray wrongType = i == 3 ? given(DType.F64, 3, 5).array() : wide(right[i]);
      NdArray wrongShape = given(DType.F32, 7).array();
      for (NdArray wrong : List.of(wrongType, wrongShape)) {
        NdArray[] a = right.clone();
        a[i] = wrong;
        Refusals.refused(
            "attention",
            () -> backend().attention(spec, a[0], a[1], a[2], a[3], a[4], a[5]),
            out,
            log);
        back(spec, a, out.array(), grads);
      }
    }
    back(spec, right, given(DType.F32, 2, 3, 4).array(), grads);
    Placed[] shared = {grads[0], grads[1], grads[1]};
    back(spec, right, out.array(), shared);
    Refusals.refused(
        "attention",
        () ->
            backend()
                .attention(spec, right[0], right[1], right[2], out.array(), out.array(), right[5]),
        out);
    Refusals.refused(
        "attention",
        () -> AttentionSpec.of(Shape.of(2, 3, 4), Shape.of(2, 5, 3), Shape.of(2, 5, 6)));
    Refusals.refused("attention", () -> spec.withScale(Double.NaN));
  }

  private void back(AttentionSpec spec, NdArray[] a, NdArray up, Placed[] grads) {
    Refusals.refused(
        "attentionBackward",
        () ->
            backend()
                .attentionBackward(
                    spec,
                    a[0],
                    a[1],
                    a[2],
                    a[3],
                    a[4],
                    a[5],
                    up,
                    grads[0].array(),
                    grads[1].array(),
                    grads[2].array()),
        grads);
  }

  private NdArray wide(NdArray like) {
    return given(DType.F64, like.shape().dims()).array();
  }

  private Placed given(DType dtype, int... dims) {
    return Placed.of(new Dice(5), dtype, Shape.of(dims), Placement.SLICED).on(backend());
  }
}
