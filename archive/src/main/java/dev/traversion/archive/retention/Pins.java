/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.retention;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The pins of a recording, a file each: whatever machine retention runs on sees them. */
public final class Pins {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;
    private final String folder;

    public Pins(Store store, Layout layout) {
        this.store = store;
        this.folder = layout.root() + "pins/";
    }

    /**
     * All pins, by name.
     *
     * @throws TraversionException if one cannot be read: what it keeps is not known then, so nothing may be forgotten
     */
    public List<Pin> all() throws IOException {
        List<Pin> pins = new ArrayList<>();
        for (StoredFile file : store.list(folder)) {
            try (InputStream in = store.read(file.path())) {
                String name = store.location() + "/" + file.path();
                pins.add(StoredJson.read(StampedJson.check(in.readAllBytes(), name), Pin.class));
            } catch (NoSuchFileException e) {
                System.getLogger(Pins.class.getName()).log(System.Logger.Level.DEBUG, "unpinned meanwhile", e);
            } catch (JacksonException e) {
                throw new TraversionException(
                        store.location() + "/" + file.path()
                                + " is damaged: it is no pin. Restore it from a copy of the recording, or unpin it.",
                        e);
            }
        }
        return List.copyOf(pins);
    }

    /** @throws TraversionException if the name is taken or cannot be one, or if the stretch ends before it begins */
    public void add(Pin pin) throws IOException {
        if (pin.to() < pin.from()) {
            throw new TraversionException("The pin \"" + pin.name() + "\" would end before it begins.");
        }
        try {
            store.create(path(pin.name()), StampedJson.stamp(JSON.writeValueAsString(pin)));
        } catch (FileAlreadyExistsException e) {
            throw new TraversionException(
                    "There is a pin \"" + pin.name() + "\" already. Choose another name, or unpin it first.", e);
        }
    }

    /** @throws TraversionException if there is no such pin */
    public void remove(String name) throws IOException {
        String path = path(name);
        if (store.list(path).stream().noneMatch(file -> file.path().equals(path))) {
            throw new TraversionException("There is no pin \"" + name + "\".");
        }
        store.delete(path);
    }

    private String path(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new TraversionException(
                    "\"" + name + "\" cannot be the name of a pin: use letters, digits, dots, dashes and underscores.");
        }
        return folder + name + ".json";
    }
}
