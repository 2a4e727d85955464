/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WatchEventTest {

    @Test
    void theObjectIsCutOutByteForByte() throws IOException {
        String object = "{\"kind\":\"Pod\",\"text\":\"ü } \\\" \",\"x\":{}}";
        for (WatchEvent.Type type : WatchEvent.Type.values()) {
            byte[] line = bytes("before{\"type\":\"" + type + "\",\"object\":" + object + "}after");
            WatchEvent event = WatchEvent.parse(line, 6, line.length - 11);
            assertThat(event.type()).isEqualTo(type);
            assertThat(new String(line, event.offset(), event.length(), StandardCharsets.UTF_8))
                    .isEqualTo(object);
        }
    }

    @Test
    void whatIsNoEventIsShown() {
        for (String line : new String[] {
            "", "{", "<html>502 Bad Gateway</html>", "{\"type\":\"RENAMED\",\"object\":{}}", "{\"type\":\"ADDED\"}"
        }) {
            byte[] bytes = bytes(line);
            assertThatThrownBy(() -> WatchEvent.parse(bytes, 0, bytes.length))
                    .as(line)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not an event of a watch: " + line);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
