package dev.lanewise.cuda;

import dev.lanewise.cuda.ReducePass.Key;
import java.util.List;

/** The kernels of reductions, as CUDA C. */
final class ReduceCode {
  private ReduceCode() {}

  /** {@return the kernel} */
  static KernelSource print(Key key) {
    ExprCode code = new ExprCode(List.of(key.expr()), key.computed(), "    ");
    String type = CudaTypes.stored(key.computed());
    StringBuilder parameters = new StringBuilder(CudaTypes.stored(key.out())).append("* out");
    int ins = key.ins().size();
    for (int i = 0; i < ins; i++) {
      parameters.append(", const %s* in%d".formatted(CudaTypes.stored(key.ins().get(i)), i));
    }
    parameters
        .append(Scalars.parameters(key.computed(), key.expr().params()))
        .append(", long long outputs, long long length, long long parts, long long part")
        .append(IndexCode.extents("d", key.keptRank()))
        .append(IndexCode.extents("e", key.goneRank()))
        .append(IndexCode.strides("out_s", key.keptRank()));
    StringBuilder bases = new StringBuilder();
    StringBuilder loop = new StringBuilder(IndexCode.split("    ", "r", "e", "r", key.goneRank()));
    for (int i = 0; i < ins; i++) {
      String kept = "in" + i + "_s";
      String gone = "in" + i + "_r";
      parameters
          .append(IndexCode.strides(kept, key.keptRank()))
          .append(IndexCode.strides(gone, key.goneRank()));
      if (code.reads(i)) {
        bases.append(
            "  const %s* from%d = in%d + %s;\n"
                .formatted(
                    CudaTypes.stored(key.ins().get(i)),
                    i,
                    i,
                    IndexCode.place("o", kept, key.keptRank())));
        String element = "from%d[%s]".formatted(i, IndexCode.place("r", gone, key.goneRank()));
        loop.append(
            "    const %s x%d = %s;\n"
                .formatted(type, i, CudaTypes.read(key.ins().get(i), element, key.computed())));
      }
    }
    loop.append(code.statements());
    loop.append("    all = %s;\n".formatted(code.call(key.op().binary(), "all", code.value(0))));
    String place = IndexCode.place("o", "out_s", key.keptRank()) + " + (place) c";
    String head =
        IndexCode.split("  ", "o", "d", "o", key.keptRank())
            + bases
            + """
              const index first = c * (index) part;
              const index after = first + (index) part;
              const index last = after < (index) length ? after : (index) length;
              %s all = %s;
            """
                .formatted(type, CudaTypes.identity(key.op(), key.computed()));
    String body =
        switch (key.worker()) {
          case THREAD -> thread(head, loop.toString(), place, key);
          case BLOCK -> block(head, loop.toString(), place, key, code);
        };
    String name =
        switch (key.worker()) {
          case THREAD -> "reduce_by_threads";
          case BLOCK -> "reduce_by_blocks";
        };
    return new KernelSource(
        name,
        IndexCode.types(key.wide())
            + code.functions()
            + "extern \"C\" __global__ void __launch_bounds__(%d) %s(%s) {\n%s}\n"
                .formatted(Grid.THREADS, name, parameters, body));
  }

  private static String thread(String head, String loop, String place, Key key) {
    return """
      const index t = (index) blockIdx.x * blockDim.x + threadIdx.x;
      if (t >= (index) outputs * (index) parts) {
        return;
      }
      const index o = t %% (index) outputs;
      const index c = t / (index) outputs;
    %s  for (index r = first; r < last; r++) {
    %s  }
      out[%s] = %s;
    """
        .formatted(head, loop, place, CudaTypes.written(key.out(), "all"));
  }

  private static String block(String head, String loop, String place, Key key, ExprCode code) {
    return """
      __shared__ %s shared[%d];
      const unsigned int thread = threadIdx.x;
      const index o = (index) blockIdx.x / (index) parts;
      const index c = (index) blockIdx.x %% (index) parts;
    %s  for (index r = first + thread; r < last; r += blockDim.x) {
    %s  }
      shared[thread] = all;
      __syncthreads();
      for (unsigned int half = blockDim.x / 2; half > 0; half /= 2) {
        if (thread < half) {
          shared[thread] = %s;
        }
        __syncthreads();
      }
      if (thread == 0) {
        out[%s] = %s;
      }
    """
        .formatted(
            CudaTypes.stored(key.computed()),
            Grid.THREADS,
            head,
            loop,
            code.call(key.op().binary(), "shared[thread]", "shared[thread + half]"),
            place,
            CudaTypes.written(key.out(), "shared[0]"));
  }
}
