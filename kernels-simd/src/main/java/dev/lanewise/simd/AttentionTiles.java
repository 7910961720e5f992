package dev.lanewise.simd;

import static dev.lanewise.kernel.Expr.constant;
import static dev.lanewise.kernel.Expr.param;
import static dev.lanewise.kernel.Expr.select;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.AttentionSpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.simd.gemm.Product;
import java.lang.ref.Reference;
import java.util.List;

/**
 * Attention by tiles of queries and keys that stay in the cache: the largest score and the sum of
 * exponentials of each query are kept up to date from tile to tile (Dao et al., "FlashAttention",
 * 2022). A task is a block of queries, of the backward pass an element of the batch: neither
 * depends on the number of threads.
 */
final class AttentionTiles {
  /** Queries and keys of a tile: its scores are 64 KB of float. */
  private static final int QUERIES = 64;

  private static final int KEYS = 256;

  private static final int MOST_OPERANDS = 8;
  private static final double[] NONE = {};
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final Expr Z = Expr.arg(2);
  private static final Expr ZERO = constant(0);
  private static final Expr MINUS_INFINITY = constant(Double.NEGATIVE_INFINITY);
  private static final Expr INFINITY = constant(Double.POSITIVE_INFINITY);
  private static final Expr LARGEST = X.max(Y);

  /** What scores are taken off by, of the largest: nothing where no key was seen yet. */
  private static final Expr SHIFT = select(LARGEST.eq(MINUS_INFINITY), ZERO, LARGEST);

  private static final Expr LOG = Expr.unary(UnaryOp.LOG, X);
  private static final Expr PROBABILITY_OF = select(Y.eq(MINUS_INFINITY), INFINITY, Y);

  /** The loops, for one type. */
  private enum Loop {
    ADD(X.add(Y), false, false),
    HIDE(MINUS_INFINITY),
    ZEROS(ZERO),
    EXP(X.sub(Y).exp(), false, true),
    SCALE(X.mul(Y), false, true),
    NORMALIZE(select(Y.eq(ZERO), ZERO, X.div(Y)), false, true),
    /**
     * Of old largest and the tile's: the new one, what scores are taken off by, the old's share.
     */
    UPDATE(List.of(LARGEST, SHIFT, X.sub(SHIFT).exp()), false, false),
    /** Of old sum, its share, the tile's sum. */
    SUM_UP(X.mul(Y).add(Z), false, false, false),
    LOG_SUM(LOG.add(Y), false, false),
    PROBABILITY(X.sub(PROBABILITY_OF).exp(), false, true),
    /** Of probability, gradient by it, and its row's mean gradient. */
    SCORE_GRADIENT(X.mul(Y.sub(Z)).mul(param(0)), false, false, true);

    private final List<Expr> exprs;
    private final boolean[] rowConstant;
    private LoopKernel single;
    private LoopKernel wide;

    Loop(Expr expr, boolean... rowConstant) {
      this(List.of(expr), rowConstant);
    }

    Loop(List<Expr> exprs, boolean... rowConstant) {
      this.exprs = exprs;
      this.rowConstant = rowConstant;
    }

    LoopKernel of(DType dtype) {
      LoopKernel known = dtype == DType.F32 ? single : wide;
      if (known != null) {
        return known;
      }
      LoopKernel kernel = Kernels.get(Form.MAP, dtype, exprs, null, rowConstant);
      if (dtype == DType.F32) {
        single = kernel;
      } else {
        wide = kernel;
      }
      return kernel;
    }
  }

  private static LoopKernel reduction(DType dtype, ReduceOp op, Expr expr, int ins) {
    return Kernels.get(Form.ROW, dtype, List.of(expr), op, new boolean[ins]);
  }

  private final Device device;
  private final Workers workers;

  AttentionTiles(Device device, Workers workers) {
    this.device = device;
    this.workers = workers;
  }

  /**
   * Where a matrix lies, in elements but for its address.
   *
   * @param at its first element
   * @param row from one row to the next
   * @param column from one column to the next
   */
  private record Matrix(long at, long row, long column) {
    Matrix from(long rows, long columns, int bytes) {
      return new Matrix(at + (rows * row + columns * column) * bytes, row, column);
    }

    Matrix transposed() {
      return new Matrix(at, column, row);
    }
  }

  /** {@return a matrix of a batch} */
  private static Matrix matrix(NdArray x, AttentionSpec spec, long index) {
    Layout layout = x.layout();
    int rank = spec.batch().rank();
    long element = 0;
    long rest = index;
    for (int axis = rank - 1; axis >= 0; axis--) {
      int extent = spec.batch().dim(axis);
      element += rest % extent * layout.stride(axis);
      rest /= extent;
    }
    // The step along an axis of one element may be anything, and nothing must depend on it.
    boolean one = layout.shape().rank() == rank + 1 || layout.shape().dim(rank + 1) <= 1;
    return new Matrix(
        Addresses.of(x) + element * x.dtype().byteSize(),
        layout.stride(rank),
        one ? 1 : layout.stride(rank + 1));
  }

  /** The numbers of a thread's tile. */
  private static final class Tile {
    final DType dtype;
    final int bytes;
    private final Product product = new Product();
    private final long[] pointers;
    private int operands;
    final Matrix scores;
    final Matrix grads;
    final Matrix sums;
    final long largest;
    final long part;
    final long shift;
    final long share;
    final long total;

    Tile(DType dtype, int columns) {
      this.dtype = dtype;
      this.bytes = dtype.byteSize();
      long scoreBytes = (long) QUERIES * KEYS * bytes;
      long sumBytes = Scratch.aligned((long) QUERIES * columns * bytes);
      long rowBytes = QUERIES * (long) bytes;
      RowMemory memory = RowMemory.local();
      pointers = memory.pointers(MOST_OPERANDS);
      long at = memory.place(2 * scoreBytes + sumBytes + 5 * rowBytes);
      scores = new Matrix(at, KEYS, 1);
      grads = new Matrix(at + scoreBytes, KEYS, 1);
      sums = new Matrix(at + 2 * scoreBytes, columns, 1);
      largest = at + 2 * scoreBytes + sumBytes;
      part = largest + rowBytes;
      shift = part + rowBytes;
      share = shift + rowBytes;
      total = share + rowBytes;
    }

    /** Names the next operand of a loop: its address and its step between rows in elements. */
    Tile with(long at, long step) {
      pointers[2 * operands] = at;
      pointers[2 * operands + 1] = step * bytes;
      operands++;
      return this;
    }

    /** Runs a loop over rows and columns of the operands named since the last one. */
    void run(LoopKernel kernel, double[] params, int rows, int columns) {
      kernel.run(pointers, params, rows, columns);
      operands = 0;
    }

    void run(Loop loop, int rows, int columns) {
      run(loop.of(dtype), NONE, rows, columns);
    }

    void multiply(int m, int n, int k, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
      assert c.column == 1;
      product
          .of(dtype, m, n, k)
          .factors(alpha, beta)
          .left(a.at, a.row, a.column)
          .right(b.at, b.row, b.column)
          .into(c.at, c.row)
          .run();
    }
  }

  /** One element of the batch. */
  private record Element(AttentionSpec spec, Matrix q, Matrix k, Matrix v, Matrix mask) {

    static Element of(
        AttentionSpec spec, long index, NdArray q, NdArray k, NdArray v, NdArray mask) {
      return new Element(
          spec,
          matrix(q, spec, index),
          matrix(k, spec, index),
          matrix(v, spec, index),
          mask == null ? null : matrix(mask, spec, index));
    }

    /** Computes a tile of scores; those that are not seen are −∞. */
    void scores(Tile tile, int query, int rows, int key, int columns) {
      int bytes = tile.bytes;
      Matrix keys = k.from(key, 0, bytes).transposed();
      int d = spec.queries().dim(-1);
      Matrix scores = tile.scores;
      tile.multiply(rows, columns, d, spec.scale(), q.from(query, 0, bytes), keys, 0, scores);
      if (mask != null) {
        Matrix added = mask.from(query, key, bytes);
        tile.with(scores.at, KEYS)
            .with(added.at, added.row)
            .with(scores.at, KEYS)
            .run(Loop.ADD, rows, columns);
      }
      if (spec.isCausal()) {
        for (int i = 0; i < rows; i++) {
          int seen = Math.clamp((long) spec.visible(query + i) - key, 0, columns);
          if (seen < columns) {
            long at = scores.from(i, seen, bytes).at;
            tile.with(at, KEYS).run(Loop.HIDE, 1, columns - seen);
          }
        }
      }
    }
  }

  /** {@return a mask whose neighbours along the keys lie side by side} */
  private NdArray runnable(NdArray mask) {
    if (mask == null || mask.layout().stride(mask.shape().rank() - 1) == 1) {
      return mask;
    }
    NdArray copy = NdArray.uninitialized(device, mask.dtype(), mask.shape());
    StridedCopy.run(Nest.of(mask, copy), workers);
    return copy;
  }

  void forward(
      AttentionSpec spec,
      NdArray q,
      NdArray k,
      NdArray v,
      NdArray mask,
      NdArray out,
      NdArray logSumExp) {
    int n = spec.queries().dim(-2);
    int blocks = Math.ceilDiv(n, QUERIES);
    try (Scope _ = Scope.open("attention temporaries")) {
      NdArray masks = runnable(mask);
      NdArray dense = Dense.output(out);
      NdArray logs = Dense.output(logSumExp);
      workers.run(
          Math.toIntExact(spec.batch().size() * blocks),
          t -> {
            long index = t / blocks;
            Element element = Element.of(spec, index, q, k, v, masks);
            int from = t % blocks * QUERIES;
            Tile tile = new Tile(q.dtype(), spec.values().dim(-1));
            block(
                element,
                tile,
                from,
                Math.min(QUERIES, n - from),
                matrix(dense, spec, index).from(from, 0, tile.bytes),
                matrix(logs, spec, index).from(from, 0, tile.bytes));
          });
      Dense.finish(dense, out, workers);
      Dense.finish(logs, logSumExp, workers);
      reachable(q, k, v, masks, dense, logs);
    }
    reachable(mask, out, logSumExp);
  }

  private static void reachable(NdArray... arrays) {
    Reference.reachabilityFence(arrays);
  }

  private static void block(
      Element element, Tile tile, int query, int rows, Matrix out, Matrix logSumExp) {
    AttentionSpec spec = element.spec;
    int e = spec.values().dim(-1);
    int seen = spec.visible(query + rows - 1);
    Matrix scores = tile.scores;
    Matrix sums = tile.sums;
    LoopKernel max = reduction(tile.dtype, ReduceOp.MAX, X, 1);
    LoopKernel sum = reduction(tile.dtype, ReduceOp.SUM, X, 1);
    tile.with(tile.largest, 0).run(Loop.HIDE, 1, rows);
    tile.with(tile.total, 0).run(Loop.ZEROS, 1, rows);
    tile.with(tile.shift, 0).run(Loop.ZEROS, 1, rows);
    for (int key = 0; key < seen; key += KEYS) {
      int columns = Math.min(KEYS, seen - key);
      element.scores(tile, query, rows, key, columns);
      tile.with(scores.at, KEYS).with(tile.part, 1).run(max, NONE, rows, columns);
      tile.with(tile.largest, 0)
          .with(tile.part, 0)
          .with(tile.largest, 0)
          .with(tile.shift, 0)
          .with(tile.share, 0)
          .run(Loop.UPDATE, 1, rows);
      tile.with(scores.at, KEYS)
          .with(tile.shift, 1)
          .with(scores.at, KEYS)
          .run(Loop.EXP, rows, columns);
      tile.with(scores.at, KEYS).with(tile.part, 1).run(sum, NONE, rows, columns);
      tile.with(tile.total, 0)
          .with(tile.share, 0)
          .with(tile.part, 0)
          .with(tile.total, 0)
          .run(Loop.SUM_UP, 1, rows);
      if (key > 0 && e > 0) {
        tile.with(sums.at, e).with(tile.share, 1).with(sums.at, e).run(Loop.SCALE, rows, e);
      }
      Matrix values = element.v.from(key, 0, tile.bytes);
      tile.multiply(rows, e, columns, 1, scores, values, key > 0 ? 1 : 0, sums);
    }
    if (e > 0) {
      if (seen == 0) {
        tile.with(sums.at, e).run(Loop.ZEROS, rows, e);
      }
      tile.with(sums.at, e).with(tile.total, 1).with(out.at, out.row).run(Loop.NORMALIZE, rows, e);
    }
    // The logarithm of no sum is −∞.
    tile.with(tile.total, 0).with(tile.shift, 0).with(logSumExp.at, 0).run(Loop.LOG_SUM, 1, rows);
  }

  void backward(
      AttentionSpec spec,
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
    try (Scope _ = Scope.open("attentionBackward temporaries")) {
      NdArray masks = runnable(mask);
      NdArray outs = Dense.input(out, workers);
      NdArray logs = Dense.input(logSumExp, workers);
      NdArray ups = Dense.input(outGrad, workers);
      NdArray[] grads = {Dense.output(qGrad), Dense.output(kGrad), Dense.output(vGrad)};
      workers.run(
          Math.toIntExact(spec.batch().size()),
          b -> {
            Tile tile = new Tile(q.dtype(), 0);
            Matrix[] all = new Matrix[6];
            NdArray[] arrays = {grads[0], grads[1], grads[2], outs, logs, ups};
            for (int i = 0; i < all.length; i++) {
              all[i] = matrix(arrays[i], spec, b);
            }
            for (int i = 0; i < grads.length; i++) {
              int rows = grads[i].shape().dim(-2);
              int columns = grads[i].shape().dim(-1);
              if (rows > 0 && columns > 0) {
                tile.with(all[i].at, columns).run(Loop.ZEROS, rows, columns);
              }
            }
            backward(Element.of(spec, b, q, k, v, masks), tile, all);
          });
      Dense.finish(grads[0], qGrad, workers);
      Dense.finish(grads[1], kGrad, workers);
      Dense.finish(grads[2], vGrad, workers);
      reachable(q, k, v, masks, outs, logs, ups, grads[0], grads[1], grads[2]);
    }
    reachable(mask, out, logSumExp, outGrad, qGrad, kGrad, vGrad);
  }

  /** All tiles of an element, row by row: each sum grows in the same order. */
  private static void backward(Element element, Tile tile, Matrix[] all) {
    AttentionSpec spec = element.spec;
    int n = spec.queries().dim(-2);
    int d = spec.queries().dim(-1);
    int e = spec.values().dim(-1);
    int bytes = tile.bytes;
    LoopKernel dots = reduction(tile.dtype, ReduceOp.SUM, X.mul(Y), 2);
    double[] scale = {spec.scale()};
    Matrix scores = tile.scores;
    Matrix grads = tile.grads;
    for (int query = 0; query < n; query += QUERIES) {
      int rows = Math.min(QUERIES, n - query);
      Matrix up = all[5].from(query, 0, bytes);
      Matrix out = all[3].from(query, 0, bytes);
      Matrix qGrad = all[0].from(query, 0, bytes);
      long log = all[4].from(query, 0, bytes).at;
      if (e > 0) {
        tile.with(up.at, up.row).with(out.at, out.row).with(tile.part, 1).run(dots, NONE, rows, e);
      } else {
        tile.with(tile.part, 0).run(Loop.ZEROS, 1, rows);
      }
      int seen = spec.visible(query + rows - 1);
      for (int key = 0; key < seen; key += KEYS) {
        int columns = Math.min(KEYS, seen - key);
        element.scores(tile, query, rows, key, columns);
        tile.with(scores.at, KEYS)
            .with(log, 1)
            .with(scores.at, KEYS)
            .run(Loop.PROBABILITY, rows, columns);
        Matrix vGrad = all[2].from(key, 0, bytes);
        tile.multiply(columns, e, rows, 1, scores.transposed(), up, 1, vGrad);
        Matrix values = element.v.from(key, 0, bytes);
        tile.multiply(rows, columns, e, 1, up, values.transposed(), 0, grads);
        tile.with(scores.at, KEYS)
            .with(grads.at, KEYS)
            .with(tile.part, 1)
            .with(grads.at, KEYS)
            .run(Loop.SCORE_GRADIENT.of(tile.dtype), scale, rows, columns);
        tile.multiply(rows, d, columns, 1, grads, element.k.from(key, 0, bytes), 1, qGrad);
        Matrix queries = element.q.from(query, 0, bytes);
        tile.multiply(
            columns, d, rows, 1, grads.transposed(), queries, 1, all[1].from(key, 0, bytes));
      }
    }
  }
}
