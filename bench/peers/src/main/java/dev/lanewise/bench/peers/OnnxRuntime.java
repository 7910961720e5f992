package dev.lanewise.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.lanewise.bench.Network;
import dev.lanewise.bench.cases.Inference;
import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.kernel.Availability;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Microsoft's ONNX Runtime, for inference; input and output lie in memory that is used again. */
public final class OnnxRuntime implements Peer {
  private int threads = 1;

  /** Makes the peer; found by {@link java.util.ServiceLoader}. */
  public OnnxRuntime() {}

  @Override
  public String name() {
    return "ORT";
  }

  @Override
  public Availability availability() {
    try {
      return new Availability.Available(
          "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion());
    } catch (LinkageError e) {
      return new Availability.Unavailable(
          "its native library cannot be loaded: " + e.getMessage(),
          "use a platform that its jar has a library for");
    }
  }

  @Override
  public void useThreads(int threads) {
    this.threads = threads;
  }

  @Override
  public Optional<Kernel> prepare(KernelCase kernelCase, List<float[]> inputs) {
    if (!(kernelCase instanceof Inference inference)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Session(inference, inputs, threads));
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private static IllegalStateException failed(OrtException cause) {
    return new IllegalStateException("ONNX Runtime: " + cause.getMessage(), cause);
  }

  private static final class Session implements Kernel {
    private final OrtSession session;
    private final OnnxTensor in;
    private final FloatBuffer answer;
    private final OnnxTensor out;

    Session(Inference inference, List<float[]> inputs, int threads) throws OrtException {
      Network network = inference.network();
      int batch = inference.batch();
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      byte[] file = OnnxModel.of(network, batch, inputs.subList(1, inputs.size()));
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        session = environment.createSession(file, options);
      }
      FloatBuffer samples = direct(inputs.getFirst().length);
      samples.put(inputs.getFirst()).flip();
      IntStream sample = Arrays.stream(network.sampleShape());
      long[] dims = IntStream.concat(IntStream.of(batch), sample).asLongStream().toArray();
      in = OnnxTensor.createTensor(environment, samples, dims);
      int classes = network.units().getLast();
      answer = direct(batch * classes);
      out = OnnxTensor.createTensor(environment, answer, new long[] {batch, classes});
    }

    private static FloatBuffer direct(int floats) {
      return ByteBuffer.allocateDirect(floats * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    }

    @Override
    public void run() {
      try (OrtSession.Result _ =
          session.run(Map.of(OnnxModel.INPUT, in), Map.of(OnnxModel.OUTPUT, out))) {
        // The output was written in place.
      } catch (OrtException e) {
        throw failed(e);
      }
    }

    @Override
    public double element(int index) {
      return answer.get(index);
    }

    @Override
    public void close() {
      in.close();
      out.close();
      try {
        session.close();
      } catch (OrtException e) {
        throw failed(e);
      }
    }
  }
}
