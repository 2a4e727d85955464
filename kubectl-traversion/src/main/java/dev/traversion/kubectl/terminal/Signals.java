/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.terminal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Handlers of Ctrl-C and SIGTERM. A shutdown hook cannot see a second Ctrl-C. The API is the JDK's unsupported but only one, used by
 * reflection since the compiler has no way to accept its use.
 */
public final class Signals {

    private Signals() {}

    /** Calls the handler, in a thread of its own, at each SIGINT and SIGTERM from now on, in place of what happened so far. */
    public static void onInterrupt(Runnable handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    signalHandler.getClassLoader(), new Class<?>[] {signalHandler}, (self, method, arguments) -> {
                        switch (method.getName()) {
                            case "handle" -> handler.run();
                            case "equals" -> {
                                return System.identityHashCode(self) == System.identityHashCode(arguments[0]);
                            }
                            case "hashCode" -> {
                                return System.identityHashCode(self);
                            }
                            default -> {
                                return "handler";
                            }
                        }
                        return null;
                    });
            for (String name : new String[] {"INT", "TERM"}) {
                signal.getMethod("handle", signal, signalHandler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (InvocationTargetException e) {
            // Ignored from outside (nohup): it stays so.
            System.getLogger(Signals.class.getName())
                    .log(System.Logger.Level.DEBUG, "a signal is not ours to handle", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no sun.misc.Signal", e);
        }
    }
}
