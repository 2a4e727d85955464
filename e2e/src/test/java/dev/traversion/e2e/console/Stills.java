/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.console;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** The pictures of the documentation; {@code -Dstills.write} makes them anew. */
final class Stills {

    private static final Path FOLDER = Path.of("../docs/console");

    /** The browser reads and writes the pictures: Java knows no WebP. */
    private static final String LOAD = """
            async url => {
              const image = new Image();
              image.src = url;
              await image.decode();
              return image;
            }""";

    /** The share of tiles, some 20 pixels wide, of which the colours are not much the same. */
    private static final String COMPARE = """
            async ([kept, taken]) => {
              const load = %s;
              const tiles = async url => {
                const image = await load(url);
                const canvas = new OffscreenCanvas(64, 40);
                const context = canvas.getContext('2d');
                context.imageSmoothingQuality = 'high';
                context.drawImage(image, 0, 0, 64, 40);
                return context.getImageData(0, 0, 64, 40).data;
              };
              const [a, b] = [await tiles(kept), await tiles(taken)];
              let different = 0;
              for (let i = 0; i < a.length; i += 4) {
                const distance = Math.abs(a[i] - b[i]) + Math.abs(a[i + 1] - b[i + 1]) + Math.abs(a[i + 2] - b[i + 2]);
                if (distance > 3 * 24) different++;
              }
              return 4 * different / a.length;
            }""".formatted(LOAD);

    private static final String ENCODE = """
            async url => {
              const image = await (%s)(url);
              const canvas = document.createElement('canvas');
              canvas.width = image.width;
              canvas.height = image.height;
              canvas.getContext('2d').drawImage(image, 0, 0);
              return canvas.toDataURL('image/webp', 0.85);
            }""".formatted(LOAD);

    private final Page workshop;

    /** @param context of which it takes a page of its own, whose policy lets pictures be read */
    Stills(BrowserContext context) {
        workshop = context.newPage();
    }

    /** The share of tiles in which a page differs from its picture: 0 to 1. */
    double difference(String name, Page page) throws IOException {
        String kept = url("webp", Files.readAllBytes(file(name)));
        return ((Number) workshop.evaluate(COMPARE, List.of(kept, taken(page)))).doubleValue();
    }

    /** Makes a page's picture anew, if that is asked for. */
    void writeIfAsked(String name, Page page) throws IOException {
        if (System.getProperty("stills.write") != null) {
            String written = (String) workshop.evaluate(ENCODE, taken(page));
            Files.write(file(name), Base64.getDecoder().decode(written.substring(written.indexOf(',') + 1)));
        }
    }

    private static Path file(String name) {
        return FOLDER.resolve(name + ".webp");
    }

    private static String taken(Page page) {
        return url("png", page.screenshot());
    }

    private static String url(String type, byte[] picture) {
        return "data:image/" + type + ";base64," + Base64.getEncoder().encodeToString(picture);
    }
}
