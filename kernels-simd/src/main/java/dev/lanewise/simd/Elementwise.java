package dev.lanewise.simd;

import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.ElementwiseSpec;
import dev.lanewise.kernel.Expr;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;

/** Runs elementwise expressions over arrays of any layout. */
final class Elementwise {
  private static final int[] NO_AXES = {};

  private final Device device;
  private final Workers workers;
  private final KnownCalls known;

  Elementwise(Device device, Workers workers, KnownCalls known) {
    this.device = device;
    this.workers = workers;
    this.known = known;
  }

  /**
   * Runs a call, and remembers it if one loop over the arrays as they are is all of it.
   *
   * @param spec the checked call
   * @param given its arguments, not yet stretched
   */
  void run(ElementwiseSpec spec, NdArray[] given) {
    if (spec.shape().size() == 0) {
      return;
    }
    NdArray[] ins = spec.ins();
    Cut cut = Cut.of(spec.dtype(), spec.exprs(), ins.length);
    boolean simple = cut.temporaries().isEmpty();
    try (Scope _ = Scope.open("elementwise temporaries")) {
      for (int i = 0; i < ins.length; i++) {
        if (spec.aliased()[i]) {
          ins = ins.clone();
          ins[i] = copyOf(ins[i]);
          simple = false;
        }
      }
      for (Expr part : cut.temporaries()) {
        NdArray value = NdArray.uninitialized(device, spec.dtype(), spec.shape());
        loop(List.of(part), new NdArray[] {value}, spec.params(), ins, null);
        ins = Arrays.copyOf(ins, ins.length + 1);
        ins[ins.length - 1] = value;
      }
      loop(cut.finals(), spec.outs(), spec.params(), ins, simple ? given : null);
    }
  }

  private NdArray copyOf(NdArray x) {
    NdArray copy = NdArray.uninitialized(device, x.dtype(), x.shape());
    StridedCopy.run(Nest.of(x, copy), workers);
    return copy;
  }

  private void loop(
      List<Expr> exprs, NdArray[] outs, double[] params, NdArray[] ins, NdArray[] given) {
    NdArray[] arrays = Arrays.copyOf(ins, ins.length + outs.length);
    System.arraycopy(outs, 0, arrays, ins.length, outs.length);
    Nest nest = Nest.of(arrays);
    nest.sortBy(ins.length);
    nest.mergeAll();
    Packing packing = new Packing(device, outs[0].dtype(), workers);
    boolean[] rowConstant = new boolean[ins.length];
    for (int i = 0; i < ins.length; i++) {
      long step = nest.innerStride(i);
      rowConstant[i] = step == 0;
      if (step > 1) {
        packing.packInput(nest, i);
      }
    }
    long[] targets = nest.addresses.clone();
    long[][] targetStrides = nest.strides.clone();
    for (int i = ins.length; i < arrays.length; i++) {
      if (nest.innerStride(i) != 1) {
        nest.addresses[i] = Addresses.of(packing.temporary(nest.size()));
        nest.strides[i] = nest.packedStrides(nest.strides[i]);
      }
    }
    LoopKernel kernel = Kernels.get(Form.MAP, outs[0].dtype(), exprs, null, rowConstant);
    Tiles tiles = new Tiles(Form.MAP, nest);
    if (given != null && !packing.isUsed()) {
      known.remember(null, exprs, NO_AXES, outs, given, kernel, tiles);
    }
    tiles.run(kernel, nest.addresses, params, workers);
    for (int i = ins.length; i < arrays.length; i++) {
      if (nest.addresses[i] != targets[i]) {
        packing.copy(nest.dims, nest.addresses[i], nest.strides[i], targets[i], targetStrides[i]);
      }
    }
    Reference.reachabilityFence(arrays);
  }
}
