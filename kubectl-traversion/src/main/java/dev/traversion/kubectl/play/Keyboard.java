/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.play;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Single keys of the terminal, without Enter. The terminal is as before once it is closed, and when the process ends. */
public final class Keyboard implements AutoCloseable {

    private final BlockingQueue<Character> pressed = new LinkedBlockingQueue<>();
    private final String settings;
    private final Thread restore;

    public Keyboard() throws IOException, InterruptedException {
        settings = stty("-g").strip();
        restore = new Thread(this::restore);
        Runtime.getRuntime().addShutdownHook(restore);
        stty("-icanon -echo min 1");
        Thread.ofPlatform().name("keys").daemon().start(this::read);
    }

    private void read() {
        try (InputStream in = new FileInputStream("/dev/tty")) {
            for (int key = in.read(); key >= 0; key = in.read()) {
                pressed.add(Character.toLowerCase((char) key));
            }
        } catch (IOException e) {
            System.getLogger(Keyboard.class.getName()).log(System.Logger.Level.DEBUG, "no more keys", e);
        }
    }

    /** A key that was pressed since, in lower case; null if there is none. */
    public Character poll() {
        return pressed.poll();
    }

    private static String stty(String arguments) throws IOException, InterruptedException {
        Process stty = new ProcessBuilder("/bin/sh", "-c", "stty " + arguments + " </dev/tty")
                .redirectErrorStream(true)
                .start();
        String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (stty.waitFor() != 0) {
            throw new IOException("the terminal cannot be set up: " + said.strip());
        }
        return said;
    }

    private void restore() {
        try {
            stty(settings);
        } catch (IOException e) {
            System.getLogger(Keyboard.class.getName()).log(System.Logger.Level.WARNING, "run stty sane", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        restore();
        Runtime.getRuntime().removeShutdownHook(restore);
    }
}
