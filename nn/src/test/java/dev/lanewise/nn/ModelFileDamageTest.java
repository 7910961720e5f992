package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.io.NewFile;
import dev.lanewise.nn.layer.Dense;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of models that are not what they should be. */
class ModelFileDamageTest {
  @TempDir private Path folder;
  private Path file;
  private byte[] whole;
  private String fingerprint;

  @BeforeEach
  void save() throws IOException {
    file = folder.resolve("model.lw");
    Sequential model = Sequential.of(new Dense(2));
    model.compile("adam", "mse");
    model.fit(Tensor.ones(4, 3), Tensor.ones(4, 2), FitOptions.epochs(2).verbose(0));
    model.save(file);
    whole = Files.readAllBytes(file);
    fingerprint = fingerprint(model);
  }

  private static String fingerprint(Model model) {
    return ModelConfig.of(model)
        + model.weights().toString()
        + model.compiled().optimizer().state();
  }

  private FileFormatException refused() {
    FileFormatException e = assertThrows(FileFormatException.class, () -> Model.load(file));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    return e;
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(file, Arrays.copyOf(whole, length));
      refused();
    }
  }

  /** A zip archive has bytes that say nothing, such as times: then the model is what it was. */
  @Test
  void noFlippedBitGoesUnnoticed() throws IOException {
    Set<String> places = new HashSet<>();
    int unnoticed = 0;
    for (int at = 0; at < whole.length; at += 5) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << at / 5 % 8);
      Files.write(file, flipped);
      try {
        assertEquals(fingerprint, fingerprint(Model.load(file)), "byte " + at);
        unnoticed++;
      } catch (FileFormatException e) {
        places.add(e.place());
      }
    }
    assertTrue(unnoticed < whole.length / 5 / 5, unnoticed + " of " + whole.length);
    assertTrue(
        places.containsAll(List.of("config.json", "weights.safetensors", "optimizer.safetensors")),
        places::toString);
  }

  private Map<String, byte[]> parts() throws IOException {
    Files.write(file, whole);
    Map<String, byte[]> parts = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        parts.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return parts;
  }

  private void write(Map<String, byte[]> parts) throws IOException {
    Map<String, NewFile.Content> contents = new LinkedHashMap<>();
    parts.forEach((name, bytes) -> contents.put(name, out -> out.write(bytes)));
    NewFile.write(file, out -> ModelArchive.write(out, contents));
  }

  private String refusedWithConfig(String from, String to) throws IOException {
    Map<String, byte[]> parts = parts();
    String config = new String(parts.get("config.json"), StandardCharsets.UTF_8);
    assertTrue(config.contains(from), config);
    parts.put("config.json", config.replace(from, to).getBytes(StandardCharsets.UTF_8));
    write(parts);
    return refused().getMessage();
  }

  @Test
  void aNewerFormatIsNamed() throws IOException {
    String message = refusedWithConfig("\"format\":1", "\"format\":2");
    assertTrue(
        message.contains("use the version of Lanewise that wrote the file, found the format 2"),
        message);
  }

  @Test
  void wrongConfigsAreRefused() throws IOException {
    String unknown = refusedWithConfig("\"type\":\"Dense\"", "\"type\":\"Dance\"");
    assertTrue(unknown.contains("there is no type 'Dance'"), unknown);
    refusedWithConfig("\"units\":2", "\"units\":\"two\"");
    refusedWithConfig("\"units\":2", "\"units\":3");
    refusedWithConfig("\"type\":\"Adam\"", "\"type\":\"Eve\"");
    refusedWithConfig("\"type\":\"MeanSquaredError\"", "\"type\":\"Error\"");
    refusedWithConfig("\"generators\":[]", "\"generators\":[{\"type\":\"Generator\"}]");
    refusedWithConfig("\"format\":1", "\"format\":\"1\"");
    String syntax = refusedWithConfig("\"format\":1", "\"format\":1,,");
    assertTrue(syntax.contains("config.json, character"), syntax);
  }

  @Test
  void wrongPartsAreRefused() throws IOException {
    for (String name : List.of("../../evil", "/etc/evil", "notes.txt", "config.json/")) {
      Map<String, byte[]> parts = parts();
      parts.put(name, new byte[3]);
      write(parts);
      assertTrue(refused().getMessage().contains(name));
    }
    for (String name : List.of("config.json", "weights.safetensors")) {
      Map<String, byte[]> parts = parts();
      parts.remove(name);
      write(parts);
      assertTrue(refused().getMessage().contains("expected " + name));
    }
    Map<String, byte[]> empty = parts();
    empty.put("weights.safetensors", new byte[0]);
    write(empty);
    refused();
  }

  @Test
  void aPartThatComesTwiceIsRefused() throws IOException {
    Map<String, byte[]> parts = parts();
    parts.put("config.jsoN", parts.get("config.json"));
    write(parts);
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    Files.writeString(
        file, text.replace("config.jsoN", "config.json"), StandardCharsets.ISO_8859_1);
    assertTrue(refused().getMessage().contains("'config.json' twice"));
  }

  @Test
  void deflatedPartsAreRefused() throws IOException {
    Map<String, byte[]> parts = parts();
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> part : parts.entrySet()) {
        zip.putNextEntry(new ZipEntry(part.getKey()));
        zip.write(part.getValue());
      }
    }
    assertTrue(refused().getMessage().contains("not deflated"));
  }

  @Test
  void anotherModelsWeightsAreRefusedAndNothingChanges() throws IOException {
    Path weights = folder.resolve("w.npz");
    Sequential.of(new Dense(2), new Dense(1).named("last")).build(4).saveWeights(weights);
    Sequential model = Sequential.of(new Dense(2)).build(3);
    List<String> before = new ArrayList<>();
    model.weights().forEach(w -> before.add(w.toString()));

    FileFormatException e =
        assertThrows(FileFormatException.class, () -> model.loadWeights(weights));

    assertEquals(
        weights
            + ": at its arrays: expected the weights of Sequential 'sequential', found"
            + " 'dense/kernel' of f32 [4, 2], not f32 [3, 2], besides [last/bias, last/kernel]",
        e.getMessage());
    assertEquals(before, model.weights().stream().map(Object::toString).toList());
  }
}
