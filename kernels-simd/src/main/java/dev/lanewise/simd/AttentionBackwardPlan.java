package dev.lanewise.simd;

import static dev.lanewise.simd.AttentionTile.KEYS;
import static dev.lanewise.simd.AttentionTile.QUERIES;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.AttentionSpec;
import java.lang.ref.Reference;

/**
 * The gradient of attention made ready. A task is an element of the batch: all of its tiles, row by
 * row, so that each sum grows in the same order.
 */
final class AttentionBackwardPlan extends AttentionPlan {
  private final int m;
  private final double[] scale;
  private final DenseArgument[] forward = new DenseArgument[3];
  private final DenseArgument[] grads = new DenseArgument[3];
  private final Matrices outs;
  private final Matrices logSums;
  private final Matrices ups;
  private final Matrices qGrads;
  private final Matrices kGrads;
  private final Matrices vGrads;

  /**
   * Plans a call whose batch has elements.
   *
   * @param ins queries, keys, values and, if there is one, the mask, stretched to the scores
   * @param forward the output, its logarithms of sums, and the gradient by it
   * @param grads the gradients by queries, keys and values
   */
  AttentionBackwardPlan(
      Signature call,
      AttentionSpec spec,
      NdArray[] ins,
      NdArray[] forward,
      NdArray[] grads,
      Workers workers) {
    super(call, spec, ins, Math.toIntExact(spec.batch().size()), 0, workers);
    this.m = spec.keys().dim(-2);
    this.scale = new double[] {spec.scale()};
    for (int i = 0; i < 3; i++) {
      this.forward[i] = input(forward[i]);
      this.grads[i] = output(grads[i]);
    }
    this.outs = matrices(this.forward[0]);
    this.logSums = matrices(this.forward[1]);
    this.ups = matrices(this.forward[2]);
    this.qGrads = matrices(this.grads[0]);
    this.kGrads = matrices(this.grads[1]);
    this.vGrads = matrices(this.grads[2]);
  }

  void run(
      NdArray queries,
      NdArray keys,
      NdArray values,
      NdArray added,
      NdArray out,
      NdArray logSumExp,
      NdArray outGrad,
      NdArray qGrad,
      NdArray kGrad,
      NdArray vGrad) {
    at(queries, keys, values, added);
    forward[0].at(out);
    forward[1].at(logSumExp);
    forward[2].at(outGrad);
    grads[0].at(qGrad);
    grads[1].at(kGrad);
    grads[2].at(vGrad);
    run();
    Reference.reachabilityFence(queries);
    Reference.reachabilityFence(keys);
    Reference.reachabilityFence(values);
    Reference.reachabilityFence(added);
    Reference.reachabilityFence(out);
    Reference.reachabilityFence(logSumExp);
    Reference.reachabilityFence(outGrad);
    Reference.reachabilityFence(qGrad);
    Reference.reachabilityFence(kGrad);
    Reference.reachabilityFence(vGrad);
  }

  @Override
  void run(int task, AttentionTile tile) {
    tile.fill(qGrads.at(task, 0), (long) n * d, 0);
    tile.fill(kGrads.at(task, 0), (long) m * d, 0);
    tile.fill(vGrads.at(task, 0), (long) m * e, 0);
    for (int query = 0; query < n; query += QUERIES) {
      int rows = Math.min(QUERIES, n - query);
      if (e > 0) {
        tile.with(ups.at(task, query), ups.row)
            .with(outs.at(task, query), outs.row)
            .with(tile.part, 1)
            .run(AttentionLoop.DOTS, rows, e);
      } else {
        tile.fill(tile.part, rows, 0);
      }
      int seen = spec.visible(query + rows - 1);
      for (int key = 0; key < seen; key += KEYS) {
        tile(tile, task, query, rows, key, Math.min(KEYS, seen - key));
      }
    }
  }

  private void tile(AttentionTile tile, int index, int query, int rows, int key, int columns) {
    long scores = tile.scores;
    long grad = tile.grads;
    long up = ups.at(index, query);
    scores(tile, index, query, rows, key, columns);
    tile.with(scores, KEYS)
        .with(logSums.at(index, query), 1)
        .with(scores, KEYS)
        .run(AttentionLoop.PROBABILITY, rows, columns);
    tile.product(columns, e, rows)
        .factors(1, 1)
        .left(scores, 1, KEYS)
        .right(up, ups.row, ups.column)
        .into(vGrads.at(index, key), vGrads.row)
        .run();
    tile.product(rows, columns, e)
        .left(up, ups.row, ups.column)
        .right(v.at(index, key), v.column, v.row)
        .into(grad, KEYS)
        .run();
    tile.with(scores, KEYS)
        .with(grad, KEYS)
        .with(tile.part, 1)
        .with(grad, KEYS)
        .run(AttentionLoop.SCORE_GRADIENT, scale, rows, columns);
    tile.product(rows, d, columns)
        .factors(1, 1)
        .left(grad, KEYS, 1)
        .right(k.at(index, key), k.row, k.column)
        .into(qGrads.at(index, query), qGrads.row)
        .run();
    tile.product(columns, d, rows)
        .factors(1, 1)
        .left(grad, 1, KEYS)
        .right(q.at(index, query), q.row, q.column)
        .into(kGrads.at(index, key), kGrads.row)
        .run();
  }
}
