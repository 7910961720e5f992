package dev.lanewise.cuda.fake;

import dev.lanewise.cuda.simt.DeviceAccess;
import dev.lanewise.cuda.simt.SimtProgram;
import dev.lanewise.cuda.simt.SimtSyntaxException;
import dev.lanewise.cuda.simt.SimtType;
import java.util.List;

/** CUDA C, run by the interpreter. */
record SimtKernels(SimtProgram program) implements KernelProgram {

  /** As {@link KernelCompiler#compile}. */
  static KernelProgram compile(String source) {
    try {
      return new SimtKernels(SimtProgram.parse(source));
    } catch (SimtSyntaxException e) {
      throw new KernelCompiler.SyntaxFault(e.getMessage(), e);
    }
  }

  @Override
  public List<String> kernels() {
    return program.kernels();
  }

  @Override
  public int[] parameterBytes(String kernel) {
    return program.parameters(kernel).stream().mapToInt(SimtType::bytes).toArray();
  }

  @Override
  public int mostThreads(String kernel) {
    return program.mostThreads(kernel);
  }

  @Override
  public void launch(
      String kernel, int[] grid, int[] block, long[] arguments, DeviceAccess memory) {
    program.launch(kernel, grid, block, arguments, memory);
  }
}
