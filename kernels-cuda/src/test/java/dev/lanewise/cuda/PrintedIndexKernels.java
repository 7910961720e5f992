package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.ReduceOp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every kind of kernel that picks, adds, searches, sorts, scans, draws random numbers or pools, for
 * whoever compiles or runs them.
 */
final class PrintedIndexKernels {
  /** The types that have an order. */
  static final List<DType> ORDERED = List.of(DType.F32, DType.F64, DType.I32, DType.I64);

  private static final List<DType> COMPUTED = List.of(DType.F32, DType.F64);
  private static final List<DType> INDICES = List.of(DType.I32, DType.I64);

  private final Map<String, KernelSource> all = new LinkedHashMap<>();
  private final int rank;
  private final boolean isNarrow;

  private PrintedIndexKernels(int rank, boolean isNarrow) {
    this.rank = rank;
    this.isNarrow = isNarrow;
  }

  /** {@return the kernels, each under a name that says which it is} */
  static Map<String, KernelSource> all() {
    Map<String, KernelSource> all = new LinkedHashMap<>();
    for (int rank : new int[] {1, 3}) {
      for (boolean isNarrow : new boolean[] {true, false}) {
        PrintedIndexKernels some = new PrintedIndexKernels(rank, isNarrow);
        some.picking();
        some.ordering();
        some.scansAndNumbers();
        some.pooling();
        all.putAll(some.all);
      }
    }
    for (int bytes : new int[] {4, 8}) {
      all.put("sort_merge " + bytes, new Sorting.Merge(bytes).source());
    }
    return all;
  }

  private Places.Form form(String... names) {
    return new Places.Form(rank, isNarrow, List.of(names));
  }

  private void add(KernelSource source, Object... which) {
    all.put(source.name() + " " + List.of(which) + rank + isNarrow, source);
  }

  private void picking() {
    for (DType indices : INDICES) {
      add(new IndexCheck.Text(indices, form("indices")).source(), indices);
      for (int bytes : new int[] {1, 2, 4, 8}) {
        Places.Form form = form("table", "indices", "picked");
        add(new Gathering.Text(bytes, indices, form).source(), bytes, indices);
      }
      for (DType dtype : COMPUTED) {
        Places.Form lines = form("table", "indices", "added");
        add(new Adding.Text(false, dtype, indices, lines).source(), dtype, indices);
        Places.Form sorted = form("table", "added", "keys", "place");
        add(new Adding.Text(true, dtype, indices, sorted).source(), dtype, indices);
      }
    }
  }

  private void ordering() {
    for (DType dtype : ORDERED) {
      for (boolean byBlocks : new boolean[] {true, false}) {
        for (Order order : List.of(Order.RISING, Order.FALLING_TO_NAN)) {
          Places.Form form = form("x", "out");
          add(new Searching.Text(byBlocks, order, dtype, form).source(), order, dtype);
        }
      }
      for (Order order : List.of(Order.RISING, Order.FALLING)) {
        Places.Form form = form("x", "values", "indices");
        add(new Sorting.Lines(dtype, order, form).source(), order, dtype);
        add(new Sorting.Chunks(dtype, order, form("x")).source(), order, dtype);
      }
    }
    for (DType indices : INDICES) {
      add(new Sorting.Chunks(indices, Order.INDEX, form("x")).source(), "indices", indices);
    }
    for (int bytes : new int[] {4, 8}) {
      Places.Form form = form("x", "positions", "values", "indices");
      add(new Sorting.Write(bytes, form).source(), bytes);
    }
  }

  private void scansAndNumbers() {
    for (DType dtype : ORDERED) {
      for (ReduceOp op : ReduceOp.values()) {
        for (boolean byBlocks : new boolean[] {true, false}) {
          add(new Scans.Text(byBlocks, op, dtype, form("x", "out")).source(), op, dtype);
        }
      }
    }
    for (DType dtype : COMPUTED) {
      for (Distribution distribution : Distribution.values()) {
        KernelSource source = new Randomness.Text(distribution, dtype, form("out")).source();
        add(source, distribution, dtype);
      }
    }
  }

  private void pooling() {
    for (DType dtype : COMPUTED) {
      for (Pooling.Kind kind : Pooling.Kind.values()) {
        for (boolean slides : new boolean[] {true, false}) {
          add(new Pooling.Text(kind, dtype, slides, isNarrow).source(), dtype, slides);
        }
      }
    }
  }
}
