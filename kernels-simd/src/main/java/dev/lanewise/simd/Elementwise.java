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
  private final Device device;
  private final Workers workers;

  Elementwise(Device device, Workers workers) {
    this.device = device;
    this.workers = workers;
  }

  void run(ElementwiseSpec spec) {
    if (spec.shape().size() == 0) {
      return;
    }
    NdArray[] ins = spec.ins();
    Cut cut = Cut.of(spec.dtype(), spec.exprs(), ins.length);
    try (Scope _ = Scope.open("elementwise temporaries")) {
      for (int i = 0; i < ins.length; i++) {
        if (spec.aliased()[i]) {
          ins = ins.clone();
          ins[i] = copyOf(ins[i]);
        }
      }
      for (Expr part : cut.temporaries()) {
        NdArray value = NdArray.uninitialized(device, spec.dtype(), spec.shape());
        loop(List.of(part), new NdArray[] {value}, spec.params(), ins);
        ins = Arrays.copyOf(ins, ins.length + 1);
        ins[ins.length - 1] = value;
      }
      loop(cut.finals(), spec.outs(), spec.params(), ins);
    }
  }

  private NdArray copyOf(NdArray x) {
    NdArray copy = NdArray.uninitialized(device, x.dtype(), x.shape());
    StridedCopy.run(Nest.of(x, copy), workers);
    return copy;
  }

  private void loop(List<Expr> exprs, NdArray[] outs, double[] params, NdArray[] ins) {
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
    Tiles.run(Form.MAP, kernel, nest, params, workers);
    for (int i = ins.length; i < arrays.length; i++) {
      if (nest.addresses[i] != targets[i]) {
        packing.copy(nest.dims, nest.addresses[i], nest.strides[i], targets[i], targetStrides[i]);
      }
    }
    Reference.reachabilityFence(arrays);
  }
}
