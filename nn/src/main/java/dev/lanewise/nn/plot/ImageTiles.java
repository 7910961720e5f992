package dev.lanewise.nn.plot;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.LabeledDataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Grids of images, black for the lowest value of all (or 0) and white for the highest. */
final class ImageTiles {
  private static final int MOST = 400;

  /** What a pixel that is not a number looks like. */
  private static final int NOT_A_NUMBER = 0xD55E00;

  private ImageTiles() {}

  static Figure.Tiles of(LabeledDataset data) {
    List<String> titles = new ArrayList<>();
    for (int label : data.labels()) {
      titles.add(data.classNames().get(label));
    }
    return of(values(data), data.shape(), titles, List.of(), new boolean[data.size()]);
  }

  static Figure.Tiles of(LabeledDataset data, Tensor predictions) {
    int[] predicted = PredictedClasses.of("images", predictions, data.size(), data.classes());
    List<String> titles = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    boolean[] wrong = new boolean[data.size()];
    for (int i = 0; i < wrong.length; i++) {
      int label = data.labels()[i];
      wrong[i] = predicted[i] != label;
      titles.add(predicted[i] < 0 ? "NaN" : data.classNames().get(predicted[i]));
      notes.add(wrong[i] ? "is " + data.classNames().get(label) : "");
    }
    return of(values(data), data.shape(), titles, notes, wrong);
  }

  static Figure.Tiles of(Tensor images, String... titles) {
    int[] dims = images.shape().dims();
    if (titles.length != 0 && (dims.length == 0 || titles.length != dims[0])) {
      throw new IllegalArgumentException(
          "images: %d titles for images %s; give one for each, or none"
              .formatted(titles.length, images.shape()));
    }
    int n = dims.length == 0 ? 0 : dims[0];
    return of(images.toDoubleArray(), dims, List.of(titles), List.of(), new boolean[n]);
  }

  private static Figure.Tiles of(
      double[] values, int[] dims, List<String> titles, List<String> notes, boolean[] wrong) {
    boolean channels = dims.length == 4;
    if (!(dims.length == 3 || (channels && (dims[1] == 1 || dims[1] == 3))) || values.length == 0) {
      throw new ShapeException(
          "images: images must be [n, h, w], [n, 1, h, w] or [n, 3, h, w] and not empty, but are "
              + Arrays.toString(dims));
    }
    int n = dims[0];
    if (n > MOST) {
      throw new IllegalArgumentException(
          "images: %d images are too many for one picture, at most %d; take some, as by first(25)"
              .formatted(n, MOST));
    }
    int width = dims[dims.length - 1];
    int pixels = width * dims[dims.length - 2];
    int depth = channels ? dims[1] : 1;
    double[] shown = Arrays.stream(values).filter(Span::shows).toArray();
    double low = Math.min(0, Arrays.stream(shown).min().orElse(0));
    double high = Arrays.stream(shown).max().orElse(low);
    List<Figure.Tile> tiles = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int[] rgb = new int[pixels];
      for (int p = 0; p < pixels; p++) {
        for (int c = 0; c < 3; c++) {
          double value = values[(i * depth + c % depth) * pixels + p];
          rgb[p] = Span.shows(value) && rgb[p] >= 0 ? rgb[p] << 8 | level(value, low, high) : -1;
        }
        rgb[p] = rgb[p] < 0 ? NOT_A_NUMBER : rgb[p];
      }
      String title = titles.isEmpty() ? "" : titles.get(i);
      String note = notes.isEmpty() ? "" : notes.get(i);
      tiles.add(new Figure.Tile(rgb, width, title, note, wrong[i]));
    }
    // Wider than high, as pictures are.
    return new Figure.Tiles(tiles, Math.min(n, (int) Math.ceil(Math.sqrt(1.5 * n))));
  }

  private static int level(double value, double low, double high) {
    return high == low ? 0 : (int) Math.round(255 * (value - low) / (high - low));
  }

  private static double[] values(LabeledDataset data) {
    double[] all = new double[data.features().length];
    for (int i = 0; i < all.length; i++) {
      all[i] = data.features()[i];
    }
    return all;
  }
}
