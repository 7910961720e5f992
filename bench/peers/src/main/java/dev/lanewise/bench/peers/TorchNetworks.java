package dev.lanewise.bench.peers;

import dev.lanewise.array.DType;
import dev.lanewise.bench.Network;
import dev.lanewise.bench.cases.Inference;
import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.OptimizerStep;
import dev.lanewise.bench.cases.ResidualBlock;
import dev.lanewise.bench.cases.TrainingStep;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Optimizers, inference and training of libtorch. */
final class TorchNetworks {
  private TorchNetworks() {}

  static Kernel optimizer(OptimizerStep step, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    Tensor weight = arrays.of(DType.F32, inputs.get(0), step.length());
    Tensor gradient = arrays.of(DType.F32, inputs.get(1), step.length());
    weight.requires_grad_(true);
    weight.mutable_grad().put(gradient);
    TensorVector weights = arrays.own(new TensorVector(weight));
    Optimizer optimizer =
        switch (step.rule()) {
          case SGD -> arrays.own(new SGD(weights, arrays.own(new SGDOptions(OptimizerStep.RATE))));
          case ADAM -> adam(arrays, weights, OptimizerStep.RATE);
        };
    Tensor answer = arrays.own(weight.detach());
    return arrays.kernel(answer, optimizer::step);
  }

  /** {@return Adam with Keras's epsilon, as Lanewise has it} */
  static Adam adam(TorchArrays arrays, TensorVector weights, double rate) {
    AdamOptions options = arrays.own(new AdamOptions(rate));
    options.eps().put(OptimizerStep.EPS);
    return arrays.own(new Adam(weights, options));
  }

  /** {@return the shape of a batch} */
  static long[] dims(Network network, int batch) {
    IntStream sample = Arrays.stream(network.sampleShape());
    return IntStream.concat(IntStream.of(batch), sample).asLongStream().toArray();
  }

  static Kernel inference(Inference inference, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    Network network = inference.network();
    TorchNetwork model = new TorchNetwork(arrays, network, inputs.subList(1, inputs.size()), false);
    Tensor x = arrays.of(DType.F32, inputs.getFirst(), dims(network, inference.batch()));
    return arrays.kernel(
        () -> {
          try (PointerScope _ = new PointerScope();
              AutoGradMode _ = new AutoGradMode(false)) {
            Tensor logits = model.forward(x);
            logits.retainReference(); // outlives the scope
            return logits;
          }
        });
  }

  static Kernel training(TrainingStep step, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    Network network = step.network();
    TorchNetwork model = new TorchNetwork(arrays, network, inputs.subList(1, inputs.size()), true);
    Tensor x = arrays.of(DType.F32, inputs.getFirst(), dims(network, step.batch()));
    long[] labels = Arrays.stream(step.labels()).asLongStream().toArray();
    Tensor classes = arrays.own(Tensor.create(labels, labels.length));
    Adam adam = adam(arrays, arrays.own(model.parameters()), TrainingStep.FIRST_RATE);
    step(model, adam, x, classes).close();
    adam.param_groups().get(0).options().set_lr(TrainingStep.RATE);
    return arrays.kernel(() -> step(model, adam, x, classes));
  }

  static Kernel residual(ResidualBlock block, List<float[]> inputs) {
    TorchArrays arrays = new TorchArrays();
    Tensor x = arrays.of(DType.F32, inputs.getFirst(), block.rows(), block.columns());
    long[] row = {block.columns()};
    TensorOptional weight = optional(arrays, torch.ones(row));
    TensorOptional bias = optional(arrays, torch.zeros(row));
    Kernel computed =
        arrays.kernel(
            () -> {
              try (PointerScope _ = new PointerScope();
                  AutoGradMode _ = new AutoGradMode(false)) {
                Tensor normal = torch.layer_norm(x, row, weight, bias, ResidualBlock.EPS, false);
                Tensor sum = torch.dropout(torch.gelu(normal), ResidualBlock.RATE, true).add(x);
                sum.retainReference(); // outlives the scope
                return sum;
              }
            });
    return block.checked(computed, inputs);
  }

  private static TensorOptional optional(TorchArrays arrays, Tensor tensor) {
    return arrays.own(new TensorOptional(arrays.own(tensor)));
  }

  /** {@return the loss of a batch, after a step on it} */
  static Tensor step(TorchNetwork model, Adam adam, Tensor x, Tensor classes) {
    try (PointerScope _ = new PointerScope()) {
      adam.zero_grad();
      Tensor loss = torch.cross_entropy_loss(model.forward(x), classes);
      loss.backward();
      adam.step();
      Tensor result = loss.detach();
      result.retainReference(); // outlives the scope
      return result;
    }
  }
}
