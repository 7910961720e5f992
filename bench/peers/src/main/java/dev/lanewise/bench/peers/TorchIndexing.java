package dev.lanewise.bench.peers;

import dev.lanewise.array.DType;
import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.Lines;
import dev.lanewise.bench.cases.Picking;
import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What finds, orders or follows indices in libtorch. */
final class TorchIndexing {
  private TorchIndexing() {}

  static Kernel lines(Lines lines, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    int rows = lines.rows();
    int columns = lines.columns();
    int axis = lines.axis();
    Tensor x = arrays.of(DType.F32, inputs.getFirst(), rows, columns);
    return switch (lines.op()) {
      case SORT -> {
        Tensor out = arrays.empty(DType.F32, rows, columns);
        Tensor places = arrays.empty(DType.I64, rows, columns);
        BoolOptional stable = arrays.own(new BoolOptional(true));
        yield arrays.kernel(
            List.of(out, places), () -> torch.sort_out(out, places, x, stable, axis, false));
      }
      case ARGMAX -> {
        Tensor places = arrays.empty(DType.I64, axis == 1 ? rows : columns);
        LongOptional along = arrays.own(new LongOptional(axis));
        yield arrays.kernel(places, () -> torch.argmax_out(places, x, along, false));
      }
      case CUMSUM -> {
        Tensor out = arrays.empty(DType.F32, rows, columns);
        yield arrays.kernel(out, () -> torch.cumsum_out(out, x, axis));
      }
    };
  }

  static Kernel picking(Picking picking, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    int entries = picking.entries();
    int picks = picking.picks();
    int width = picking.width();
    boolean adds = picking.op().adds();
    Tensor x = arrays.of(DType.F32, inputs.get(0), adds ? picks : entries, width);
    long[] dims = picking.op().byRow() ? new long[] {picks} : new long[] {picks, width};
    Tensor indices = arrays.of(DType.I64, inputs.get(1), dims);
    Tensor out = arrays.empty(DType.F32, adds ? entries : picks, width);
    out.zero_();
    return switch (picking.op()) {
      case INDEX_SELECT -> arrays.kernel(out, () -> torch.index_select_out(out, x, 0, indices));
      case INDEX_ADD -> arrays.inPlace(List.of(out), () -> out.index_add_(0, indices, x));
      case GATHER -> arrays.kernel(out, () -> torch.gather_out(out, x, 0, indices));
      case SCATTER_ADD -> arrays.inPlace(List.of(out), () -> out.scatter_add_(0, indices, x));
    };
  }
}
