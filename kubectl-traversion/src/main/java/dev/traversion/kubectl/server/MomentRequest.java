/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.server;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a command asks a server: which moment does this TIME mean, and how is it reached.
 *
 * @param time TIME as the user wrote it; {@code ""} to be told of the recording only
 * @param zone id of the zone of times written without one
 * @param cluster id or the beginning of one; {@code ""} for the only one
 * @param namespace of the object in TIME, -n; {@code ""} for the default one
 * @param context --context; {@code ""} for the current one
 * @param kubeconfigs the user's kubeconfig files, which say what the default namespace is
 * @param arguments of kubectl, from the verb on: they say which resources are asked for
 */
public record MomentRequest(
        String time,
        String zone,
        String cluster,
        String namespace,
        String context,
        List<String> kubeconfigs,
        List<String> arguments) {

    void write(DataOutput out) throws IOException {
        for (String text : List.of(time, zone, cluster, namespace, context)) {
            out.writeUTF(text);
        }
        write(kubeconfigs, out);
        write(arguments, out);
    }

    static MomentRequest read(DataInput in) throws IOException {
        return new MomentRequest(
                in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), readList(in), readList(in));
    }

    private static void write(List<String> texts, DataOutput out) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            out.writeUTF(text);
        }
    }

    private static List<String> readList(DataInput in) throws IOException {
        int size = in.readInt();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            texts.add(in.readUTF());
        }
        return texts;
    }
}
