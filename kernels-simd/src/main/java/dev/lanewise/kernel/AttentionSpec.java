package dev.lanewise.kernel;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.util.Arrays;

/**
 * What attends to what: {@code softmax(q · kᵀ · scale + mask) · v}. Batch and heads are axes before
 * the last two, the same of queries, keys and values.
 *
 * {@snippet :
 * AttentionSpec spec = AttentionSpec.of(q.shape(), k.shape(), v.shape()).causal();
 * backend.attention(spec, q, k, v, null, out, logSumExp);
 * }
 *
 * @param queries {@code [batch…, n, d]}
 * @param keys {@code [batch…, m, d]}
 * @param values {@code [batch…, m, e]}
 * @param scale the factor of the products
 * @param isCausal whether query i sees only the keys up to {@code i + m − n}: the last query sees
 *     all keys, as it must where earlier keys were kept from earlier calls
 */
public record AttentionSpec(
    Shape queries, Shape keys, Shape values, double scale, boolean isCausal) {

  /**
   * Checks the record.
   *
   * @throws ShapeException if a shape does not fit the others
   * @throws IllegalArgumentException if the scale is not finite
   */
  public AttentionSpec {
    boolean fits =
        queries.rank() >= 2
            && keys.rank() == queries.rank()
            && values.rank() == queries.rank()
            && queries.dim(-1) == keys.dim(-1)
            && keys.dim(-2) == values.dim(-2)
            && batch(queries).equals(batch(keys))
            && batch(queries).equals(batch(values));
    if (!fits) {
      throw new ShapeException(
          "attention: queries must be [batch…, n, d], keys [batch…, m, d] and values [batch…, m,"
              + " e], not "
              + queries
              + ", "
              + keys
              + " and "
              + values);
    }
    if (!Double.isFinite(scale)) {
      throw new IllegalArgumentException("attention: the scale must be finite, not " + scale);
    }
  }

  /**
   * {@return attention of every query to every key, with the scale 1 / √d}
   *
   * @param queries {@code [batch…, n, d]}
   * @param keys {@code [batch…, m, d]}
   * @param values {@code [batch…, m, e]}
   * @throws ShapeException if a shape does not fit the others
   */
  public static AttentionSpec of(Shape queries, Shape keys, Shape values) {
    double d = queries.rank() < 2 ? 1 : Math.max(1, queries.dim(-1));
    return new AttentionSpec(queries, keys, values, 1 / Math.sqrt(d), false);
  }

  /** {@return the same with no query seeing keys after its own place} */
  public AttentionSpec causal() {
    return new AttentionSpec(queries, keys, values, scale, true);
  }

  /**
   * {@return the same with another factor of the products}
   *
   * @param factor finite
   */
  public AttentionSpec withScale(double factor) {
    return new AttentionSpec(queries, keys, values, factor, isCausal);
  }

  private static Shape batch(Shape s) {
    return Shape.of(Arrays.copyOf(s.dims(), s.rank() - 2));
  }

  private Shape withLast(int... last) {
    int[] dims = Arrays.copyOf(queries.dims(), queries.rank() - 2 + last.length);
    System.arraycopy(last, 0, dims, queries.rank() - 2, last.length);
    return Shape.of(dims);
  }

  /** {@return the batch axes} */
  public Shape batch() {
    return batch(queries);
  }

  /** {@return {@code [batch…, n, e]}} */
  public Shape output() {
    return withLast(queries.dim(-2), values.dim(-1));
  }

  /** {@return {@code [batch…, n]}} */
  public Shape rows() {
    return withLast(queries.dim(-2));
  }

  /** {@return {@code [batch…, n, m]}, which a mask stretches to} */
  public Shape scores() {
    return withLast(queries.dim(-2), keys.dim(-2));
  }

  /**
   * {@return how many keys a query sees, from the first on}
   *
   * @param query its number
   */
  public int visible(int query) {
    int m = keys.dim(-2);
    return isCausal ? Math.clamp((long) query + 1 + m - queries.dim(-2), 0, m) : m;
  }

  /**
   * Checks the arrays of {@link Backend#attention}.
   *
   * @param q the queries
   * @param k the keys
   * @param v the values
   * @param mask what is added to the scores, or null
   * @param out an output
   * @param logSumExp an output
   * @return the mask, stretched to the scores, or null
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public NdArray checkForward(
      NdArray q, NdArray k, NdArray v, NdArray mask, NdArray out, NdArray logSumExp) {
    String operation = "attention";
    NdArray stretched = checkInputs(operation, q, k, v, mask);
    output(operation, "output", out, output(), q, k, v, mask, logSumExp);
    output(operation, "log sum of exponentials", logSumExp, rows(), q, k, v, mask);
    return stretched;
  }

  /**
   * Checks the arrays of {@link Backend#attentionBackward}.
   *
   * @param q the queries
   * @param k the keys
   * @param v the values
   * @param mask what was added to the scores, or null
   * @param out what the forward call gave
   * @param logSumExp what the forward call gave
   * @param outGrad the gradient by the output
   * @param qGrad an output
   * @param kGrad an output
   * @param vGrad an output
   * @return the mask, stretched to the scores, or null
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public NdArray checkBackward(
      NdArray q,
      NdArray k,
      NdArray v,
      NdArray mask,
      NdArray out,
      NdArray logSumExp,
      NdArray outGrad,
      NdArray qGrad,
      NdArray kGrad,
      NdArray vGrad) {
    String operation = "attentionBackward";
    NdArray stretched = checkInputs(operation, q, k, v, mask);
    Checks.compute(operation, q, out, logSumExp, outGrad);
    Checks.shape(operation, "output", out, output());
    Checks.shape(operation, "log sum of exponentials", logSumExp, rows());
    Checks.shape(operation, "gradient by the output", outGrad, output());
    NdArray[] ins = {q, k, v, mask, out, logSumExp, outGrad};
    output(operation, "gradient by the queries", qGrad, queries, ins);
    output(operation, "gradient by the keys", kGrad, keys, ins);
    output(operation, "gradient by the values", vGrad, values, ins);
    Checks.apart(operation, qGrad, kGrad, vGrad);
    Checks.apart(operation, kGrad, vGrad);
    return stretched;
  }

  private NdArray checkInputs(String operation, NdArray q, NdArray k, NdArray v, NdArray mask) {
    Checks.compute(operation, q, k, v);
    Checks.shape(operation, "queries", q, queries);
    Checks.shape(operation, "keys", k, keys);
    Checks.shape(operation, "values", v, values);
    if (mask == null) {
      return null;
    }
    Checks.compute(operation, q, mask);
    return Checks.stretch(operation, "mask", mask, scores());
  }

  private static void output(
      String operation, String what, NdArray out, Shape shape, NdArray... others) {
    Checks.compute(operation, out);
    Checks.compute(operation, others[0], out);
    Checks.shape(operation, what, out, shape);
    Checks.output(operation, out);
    for (NdArray other : others) {
      if (other != null) {
        Checks.apart(operation, out, other);
      }
    }
  }
}
