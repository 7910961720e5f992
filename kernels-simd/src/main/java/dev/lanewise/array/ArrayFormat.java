package dev.lanewise.array;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * How arrays are written as text: as NumPy prints them, in nested brackets and aligned columns. All
 * floating-point numbers of an array are written alike: with as many digits as the array's type
 * needs to tell them apart, but no more than {@code precision} behind the point, and with exponents
 * where a number is very large or small, or the largest more than 1000 times the smallest.
 *
 * {@snippet :
 * NdArray a = NdArray.of(backend, new float[] {1, 0.5f, 0.123f, 10}, 2, 2);
 * ArrayFormat.NUMPY.text(a);
 * // [[ 1.     0.5  ]
 * //  [ 0.123 10.   ]]
 * new ArrayFormat(2, 1000, 3, 75).text(a);
 * // [[ 1.    0.5 ]
 * //  [ 0.12 10.  ]]
 * }
 *
 * @param precision the most digits behind a number's point, at least 0
 * @param threshold an array of more elements is cut: only those at the ends of its axes are written
 * @param edgeItems how many at each end, at least 1
 * @param lineWidth the length of the lines that rows are broken into
 */
public record ArrayFormat(int precision, int threshold, int edgeItems, int lineWidth) {
  /** What NumPy does if it is told nothing else: 8 digits, 1000 elements, 3 edge items, 75 wide. */
  public static final ArrayFormat NUMPY = new ArrayFormat(8, 1000, 3, 75);

  /**
   * Makes a format.
   *
   * @throws IllegalArgumentException if a number is below its range
   */
  public ArrayFormat {
    if (precision < 0 || threshold < 0 || edgeItems < 1 || lineWidth < 1) {
      throw new IllegalArgumentException(
          "ArrayFormat: precision "
              + precision
              + ", threshold "
              + threshold
              + ", edgeItems "
              + edgeItems
              + ", lineWidth "
              + lineWidth
              + "; the first two must be at least 0, the others 1");
    }
  }

  /**
   * {@return the elements of an array as text}
   *
   * @param array in memory that Java can read
   * @throws IllegalStateException if the array's scope has closed
   */
  public String text(NdArray array) {
    return text(array, 0);
  }

  /**
   * {@return the elements of an array as text of which all lines but the first are indented}
   *
   * @param array in memory that Java can read
   * @param indent by how many places; what stands before the first line is as long
   * @throws IllegalStateException if the array's scope has closed
   */
  public String text(NdArray array, int indent) {
    array.storage().requireAlive("text");
    return array.size() == 0 ? "[]" : new Text(array).write(0, " ".repeat(indent + 1), lineWidth);
  }

  /**
   * {@return an array as text: {@code NdArray([1. 2.], f32 [2])}}
   *
   * @param name what stands before the bracket
   * @param array any array; the elements of one that was freed are not shown
   * @param remark what is added at the end; may be empty
   */
  public String describe(String name, NdArray array, String remark) {
    String elements;
    if (!array.storage().isAlive()) {
      elements = "freed";
    } else {
      elements = text(array, name.length() + 1);
    }
    return name + "(" + elements + ", " + array.dtype() + " " + array.shape() + remark + ")";
  }

  /** One array being written. */
  private final class Text {
    private final Shape shape;
    private final boolean isCut;

    /** The elements that are shown, in row-major order. */
    private final Iterator<String> words;

    Text(NdArray array) {
      shape = array.shape();
      isCut = array.size() > threshold;
      List<Long> shown = new ArrayList<>();
      show(array.layout(), 0, array.layout().offset(), shown);
      words = Columns.words(array, shown, precision).iterator();
    }

    private boolean isCut(int axis) {
      return isCut && shape.dim(axis) > 2L * edgeItems;
    }

    /** Finds the elements that are shown. */
    private void show(Layout layout, int axis, long element, List<Long> shown) {
      if (axis == shape.rank()) {
        shown.add(element);
        return;
      }
      int extent = shape.dim(axis);
      for (int i = 0; i < extent; i++) {
        if (isCut(axis) && i == edgeItems) {
          i = extent - edgeItems;
        }
        show(layout, axis + 1, element + i * layout.stride(axis), shown);
      }
    }

    /**
     * {@return what lies along the axes from one on}
     *
     * @param indent what a line begins with
     * @param width how long it may become, less the brackets that close behind it
     */
    String write(int axis, String indent, int width) {
      if (axis == shape.rank()) {
        return words.next();
      }
      List<String> parts = new ArrayList<>();
      int count = isCut(axis) ? 2 * edgeItems : shape.dim(axis);
      for (int i = 0; i < count; i++) {
        if (isCut(axis) && i == edgeItems) {
          parts.add("...");
        }
        parts.add(write(axis + 1, indent + " ", width - 1));
      }
      int inner = shape.rank() - 1 - axis;
      String text =
          inner == 0
              ? row(parts, indent, width - 1)
              : String.join("\n".repeat(inner) + indent, parts);
      return "[" + text + "]";
    }

    /** {@return words in a row, broken into lines} */
    private String row(List<String> parts, String indent, int width) {
      StringBuilder text = new StringBuilder();
      StringBuilder line = new StringBuilder();
      for (String part : parts) {
        if (!line.isEmpty()) {
          line.append(' ');
        }
        if (!line.isEmpty() && indent.length() + line.length() + part.length() > width) {
          text.append(line.toString().stripTrailing()).append('\n').append(indent);
          line.setLength(0);
        }
        line.append(part);
      }
      return text.append(line).toString();
    }
  }
}
