/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.state;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/** A small file of names and values. What cannot be read counts as absent: state is a convenience, never a reason to fail. */
public final class StateFile {

    private final Path path;

    public StateFile(Path path) {
        this.path = path;
    }

    public Optional<Map<String, String>> read() {
        Properties properties = new Properties();
        try {
            try (Reader reader = new StringReader(Files.readString(path))) {
                properties.load(reader);
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            System.getLogger(StateFile.class.getName()).log(System.Logger.Level.DEBUG, "ignored " + path, e);
            return Optional.empty();
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
        return Optional.of(values);
    }

    public void write(Map<String, String> values) throws IOException {
        Properties properties = new Properties();
        properties.putAll(values);
        StringWriter text = new StringWriter();
        properties.store(text, null);
        PrivateFile.write(path, text.toString());
    }

    public void delete() throws IOException {
        Files.deleteIfExists(path);
    }
}
