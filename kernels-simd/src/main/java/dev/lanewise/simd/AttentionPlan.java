package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.AttentionSpec;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** Attention, or its gradient, made ready: what both have in common, the scores. */
abstract class AttentionPlan extends DensePlan implements IntConsumer {
  final AttentionSpec spec;

  /** Queries, the width of queries and keys, and that of values. */
  final int n;

  final int d;
  final int e;
  final Matrices q;
  final Matrices k;
  final Matrices v;

  private final DType dtype;
  private final DenseArgument[] ins;

  /** Null without a mask. */
  private final Matrices mask;

  private final int tasks;
  private final int sumColumns;

  /** For the tasks that can run at a time. */
  private final AttentionTile[] tiles;

  private final Slots slots;
  private final long tileBytes;
  private final long memory;

  /**
   * For a subclass.
   *
   * @param ins queries, keys, values and, if there is one, the mask, stretched to the scores
   * @param tasks how many there are
   * @param sumColumns how many columns the sums of a tile have
   */
  AttentionPlan(
      Signature call,
      AttentionSpec spec,
      NdArray[] ins,
      int tasks,
      int sumColumns,
      Workers workers) {
    super(call, workers);
    this.spec = spec;
    this.n = spec.queries().dim(-2);
    this.d = spec.queries().dim(-1);
    this.e = spec.values().dim(-1);
    this.dtype = ins[0].dtype();
    this.ins = new DenseArgument[ins.length];
    for (int i = 0; i < ins.length; i++) {
      Layout layout = ins[i].layout();
      // Of a mask, neighbours along the keys must lie side by side.
      boolean fits = i < 3 || layout.stride(layout.shape().rank() - 1) == 1;
      this.ins[i] = input(dtype, layout, fits);
    }
    this.q = matrices(this.ins[0]);
    this.k = matrices(this.ins[1]);
    this.v = matrices(this.ins[2]);
    this.mask = ins.length == 3 ? null : matrices(this.ins[3]);
    this.tasks = tasks;
    this.sumColumns = sumColumns;
    this.slots = new Slots(tasks, workers);
    this.tiles = new AttentionTile[slots.count()];
    Arrays.setAll(tiles, _ -> new AttentionTile(dtype));
    this.tileBytes = AttentionTile.memoryBytes(dtype, sumColumns);
    this.memory = memory(tiles.length * tileBytes);
  }

  final Matrices matrices(DenseArgument array) {
    return new Matrices(array, dtype.byteSize(), spec.queries().rank() - 2);
  }

  /** Says which arrays the next call reads. */
  final void at(NdArray queries, NdArray keys, NdArray values, NdArray added) {
    ins[0].at(queries);
    ins[1].at(keys);
    ins[2].at(values);
    if (added != null) {
      ins[3].at(added);
    }
  }

  @Override
  final void compute(long address) {
    for (int i = 0; i < tiles.length; i++) {
      tiles[i].place(address + memory + i * tileBytes, sumColumns);
    }
    workers.run(tasks, this);
  }

  @Override
  public final void accept(int task) {
    int slot = slots.take();
    run(task, tiles[slot]);
    slots.give(slot);
  }

  /** Runs a task with a tile that no other one uses. */
  abstract void run(int task, AttentionTile tile);

  /**
   * Computes a tile of scores; those that are not seen are −∞.
   *
   * @param index which element of the batch
   * @param query the first query of so many {@code rows}
   * @param key the first key of so many {@code columns}
   */
  final void scores(AttentionTile tile, long index, int query, int rows, int key, int columns) {
    long scores = tile.scores;
    tile.product(rows, columns, d)
        .factors(spec.scale(), 0)
        .left(q.at(index, query), q.row, q.column)
        .right(k.at(index, key), k.column, k.row)
        .into(scores, AttentionTile.KEYS)
        .run();
    int bytes = dtype.byteSize();
    if (mask != null) {
      tile.with(scores, AttentionTile.KEYS)
          .with(mask.at(index, query) + key * mask.column * bytes, mask.row)
          .with(scores, AttentionTile.KEYS)
          .run(AttentionLoop.ADD, rows, columns);
    }
    if (spec.isCausal()) {
      for (int i = 0; i < rows; i++) {
        int seen = Math.clamp((long) spec.visible(query + i) - key, 0, columns);
        if (seen < columns) {
          long at = scores + ((long) i * AttentionTile.KEYS + seen) * bytes;
          tile.fill(at, columns - seen, Double.NEGATIVE_INFINITY);
        }
      }
    }
  }
}
