package dev.lanewise.simd;

import static dev.lanewise.simd.AttentionTile.KEYS;
import static dev.lanewise.simd.AttentionTile.QUERIES;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.AttentionSpec;
import java.lang.ref.Reference;

/** Attention made ready; a task is a block of queries. */
final class AttentionForwardPlan extends AttentionPlan {
  private final int blocks;
  private final DenseArgument output;
  private final DenseArgument logs;
  private final Matrices outs;
  private final Matrices logSums;

  /**
   * Plans a call whose output has rows.
   *
   * @param ins queries, keys, values and, if there is one, the mask, stretched to the scores
   */
  AttentionForwardPlan(
      Signature call,
      AttentionSpec spec,
      NdArray[] ins,
      NdArray out,
      NdArray logSumExp,
      Workers workers) {
    super(call, spec, ins, tasks(spec), spec.values().dim(-1), workers);
    this.blocks = Math.ceilDiv(n, QUERIES);
    this.output = output(out);
    this.logs = output(logSumExp);
    this.outs = matrices(output);
    this.logSums = matrices(logs);
  }

  private static int tasks(AttentionSpec spec) {
    long blocks = Math.ceilDiv(spec.queries().dim(-2), QUERIES);
    return Math.toIntExact(spec.batch().size() * blocks);
  }

  void run(
      NdArray queries,
      NdArray keys,
      NdArray values,
      NdArray added,
      NdArray out,
      NdArray logSumExp) {
    at(queries, keys, values, added);
    output.at(out);
    logs.at(logSumExp);
    run();
    Reference.reachabilityFence(queries);
    Reference.reachabilityFence(keys);
    Reference.reachabilityFence(values);
    Reference.reachabilityFence(added);
    Reference.reachabilityFence(out);
    Reference.reachabilityFence(logSumExp);
  }

  @Override
  void run(int task, AttentionTile tile) {
    long index = task / blocks;
    int query = task % blocks * QUERIES;
    int rows = Math.min(QUERIES, n - query);
    int seen = spec.visible(query + rows - 1);
    tile.fill(tile.largest, rows, Double.NEGATIVE_INFINITY);
    tile.fill(tile.total, rows, 0);
    tile.fill(tile.shift, rows, 0);
    for (int key = 0; key < seen; key += KEYS) {
      int columns = Math.min(KEYS, seen - key);
      scores(tile, index, query, rows, key, columns);
      weights(tile, rows, columns);
      if (key > 0 && e > 0) {
        tile.with(tile.sums, e)
            .with(tile.share, 1)
            .with(tile.sums, e)
            .run(AttentionLoop.SCALE, rows, e);
      }
      tile.product(rows, e, columns)
          .factors(1, key > 0 ? 1 : 0)
          .left(tile.scores, KEYS, 1)
          .right(v.at(index, key), v.row, v.column)
          .into(tile.sums, e)
          .run();
    }
    if (e > 0) {
      if (seen == 0) {
        tile.fill(tile.sums, (long) rows * e, 0);
      }
      tile.with(tile.sums, e)
          .with(tile.total, 1)
          .with(outs.at(index, query), outs.row)
          .run(AttentionLoop.NORMALIZE, rows, e);
    }
    // The logarithm of no sum is −∞.
    tile.with(tile.total, 0)
        .with(tile.shift, 0)
        .with(logSums.at(index, query), 0)
        .run(AttentionLoop.LOG_SUM, 1, rows);
  }

  /** Makes exponentials of a tile's scores, and brings largest score and sum up to date. */
  private static void weights(AttentionTile tile, int rows, int columns) {
    long scores = tile.scores;
    tile.with(scores, KEYS).with(tile.part, 1).run(AttentionLoop.LARGEST, rows, columns);
    tile.with(tile.largest, 0)
        .with(tile.part, 0)
        .with(tile.largest, 0)
        .with(tile.shift, 0)
        .with(tile.share, 0)
        .run(AttentionLoop.UPDATE, 1, rows);
    tile.with(scores, KEYS)
        .with(tile.shift, 1)
        .with(scores, KEYS)
        .run(AttentionLoop.EXP, rows, columns);
    tile.with(scores, KEYS).with(tile.part, 1).run(AttentionLoop.SUM, rows, columns);
    tile.with(tile.total, 0)
        .with(tile.share, 0)
        .with(tile.part, 0)
        .with(tile.total, 0)
        .run(AttentionLoop.SUM_UP, 1, rows);
  }
}
