package dev.lanewise.nn.trainer;

import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Weight;
import java.util.List;
import java.util.Locale;

/** The table of a module's layers, as PyTorch Lightning prints it. */
final class ParameterTable {
  private ParameterTable() {}

  static String of(TrainingModule module) {
    List<Layer> layers = module.layers();
    int number = Integer.toString(Math.max(0, layers.size() - 1)).length();
    int name = width("Name", layers.stream().map(Layer::name).toList());
    int type = width("Type", layers.stream().map(Layer::type).toList());
    String row = "%-" + number + "s | %-" + name + "s | %-" + type + "s | %s%n";
    StringBuilder text = new StringBuilder();
    String head = row.formatted("", "Name", "Type", "Params");
    String rule = "-".repeat(head.stripTrailing().length()) + System.lineSeparator();
    text.append(head).append(rule);
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      text.append(
          row.formatted(i, layer.name(), layer.type(), grouped(size(layer.weights(), false))));
    }
    long all = size(module.weights(), false);
    long trainable = size(module.weights(), true);
    text.append(rule);
    total(text, trainable, "Trainable params");
    total(text, all - trainable, "Non-trainable params");
    total(text, all, "Total params");
    return text.toString();
  }

  private static int width(String title, List<String> texts) {
    return texts.stream().mapToInt(String::length).reduce(title.length(), Math::max);
  }

  private static long size(List<Weight> weights, boolean trainableAlone) {
    return weights.stream()
        .filter(weight -> !trainableAlone || weight.isTrainable())
        .mapToLong(weight -> weight.value().size())
        .sum();
  }

  private static void total(StringBuilder text, long params, String what) {
    text.append("%-9s %s%n".formatted(grouped(params), what));
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
