package dev.lanewise.bench.peers;

import dev.lanewise.bench.Network;
import dev.lanewise.bench.cases.ArrayBlas;
import dev.lanewise.bench.cases.Conv;
import dev.lanewise.bench.cases.Copy;
import dev.lanewise.bench.cases.Elementwise;
import dev.lanewise.bench.cases.Gemm;
import dev.lanewise.bench.cases.ImageNorm;
import dev.lanewise.bench.cases.Inference;
import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.Lines;
import dev.lanewise.bench.cases.OptimizerStep;
import dev.lanewise.bench.cases.Picking;
import dev.lanewise.bench.cases.Pool;
import dev.lanewise.bench.cases.RandomNumbers;
import dev.lanewise.bench.cases.RecurrentStep;
import dev.lanewise.bench.cases.Reduction;
import dev.lanewise.bench.cases.ResidualBlock;
import dev.lanewise.bench.cases.Rows;
import dev.lanewise.bench.cases.SelfAttention;
import dev.lanewise.bench.cases.TrainingStep;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Trainer;
import dev.lanewise.kernel.Availability;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * PyTorch's C++ library by bytedeco. Where it can, it writes into a given output, so that memory
 * for results is not part of the comparison.
 */
public final class Libtorch implements Peer {
  /** Makes the peer; found by {@link java.util.ServiceLoader}. */
  public Libtorch() {}

  @Override
  public String name() {
    return "libtorch";
  }

  @Override
  public Availability availability() {
    try {
      bindBlas();
      String[] config = torch.show_config().getString().split("\\R");
      String openMp =
          "1".equals(System.getenv("OPENBLAS_NUM_THREADS"))
              ? ""
              : "; with OPENBLAS_NUM_THREADS=1 its threads would not fight";
      return new Availability.Available(
          "PyTorch "
              + torch.class.getPackage().getImplementationVersion()
              + capability(config)
              + openMp);
    } catch (LinkageError e) {
      return new Availability.Unavailable(
          "its native library cannot be loaded: " + e.getMessage(),
          "choose the jars of this platform, with -Dpeers.platform=linux-x86_64 or the like");
    }
  }

  /**
   * Calls its BLAS, which is bytedeco's OpenBLAS, once. The system looks functions up at their
   * first call; once MKL is loaded, it would find those of MKL.
   */
  private static void bindBlas() {
    try (PointerScope _ = new PointerScope()) {
      for (ScalarType type : new ScalarType[] {ScalarType.Float, ScalarType.Double}) {
        Tensor matrix = torch.ones(16, 16).to(type);
        Tensor vector = torch.ones(16).to(type);
        torch.mm(matrix, matrix);
        torch.mv(matrix, vector);
        torch.dot(vector, vector);
      }
    }
  }

  /** {@return which vector instructions it found} */
  private static String capability(String[] config) {
    for (String line : config) {
      if (line.contains("CPU capability")) {
        return ", " + line.replaceAll("^[\\s-]+", "");
      }
    }
    return "";
  }

  @Override
  public void useThreads(int threads) {
    torch.set_num_threads(threads);
  }

  @Override
  public Optional<Kernel> prepare(KernelCase kernelCase, List<float[]> inputs) {
    return Optional.ofNullable(
        switch (kernelCase) {
          case Gemm gemm -> TorchOps.gemm(gemm, inputs);
          case Conv conv -> TorchWindows.conv(conv, inputs);
          case Pool pool -> TorchWindows.pool(pool, inputs);
          case SelfAttention attention -> TorchSequences.attention(attention, inputs);
          case RecurrentStep step -> TorchSequences.step(step, inputs);
          case Elementwise elementwise -> TorchOps.elementwise(elementwise, inputs);
          case Reduction reduction -> TorchOps.reduction(reduction, inputs);
          case Rows rows -> TorchOps.rows(rows, inputs);
          case ImageNorm norm -> TorchNorms.images(norm, inputs);
          case Lines lines -> TorchIndexing.lines(lines, inputs);
          case Picking picking -> TorchIndexing.picking(picking, inputs);
          case Copy copy -> TorchOps.copy(copy, inputs);
          case RandomNumbers _ -> null; // its generator gives other numbers
          case ArrayBlas blas -> TorchOps.blas(blas, inputs);
          case OptimizerStep step -> TorchNetworks.optimizer(step, inputs);
          case Inference inference -> TorchNetworks.inference(inference, inputs);
          case TrainingStep step -> TorchNetworks.training(step, inputs);
          case ResidualBlock block -> TorchNetworks.residual(block, inputs);
        });
  }

  @Override
  public Optional<Trainer> train(
      Network network, List<float[]> weights, float[] samples, int[] labels, int batch) {
    return Optional.of(new TorchTrainer(network, weights, samples, labels, batch));
  }
}
