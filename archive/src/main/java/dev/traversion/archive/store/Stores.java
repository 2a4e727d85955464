/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.store;

import dev.traversion.archive.TraversionException;
import io.minio.Http;
import io.minio.MinioClient;
import io.minio.credentials.AwsConfigProvider;
import io.minio.credentials.IamAwsProvider;
import io.minio.credentials.Provider;
import io.minio.credentials.StaticProvider;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import okhttp3.OkHttpClient;

/** Opens a store by the name users give it. */
public final class Stores {

    private static final String SCHEME = "s3://";

    private Stores() {}

    /** @param location a directory, {@code file:///path}, a {@code .trv} file, or {@code s3://bucket/prefix} */
    public static Store open(String location) {
        return open(location, System.getenv());
    }

    /**
     * As {@link #open(String)}.
     *
     * @param environment the AWS_* variables that say where S3 is and who we are
     */
    public static Store open(String location, Map<String, String> environment) {
        if (location.startsWith(SCHEME)) {
            return openS3(location, environment);
        }
        if (location.startsWith("file:")) {
            return new FileStore(Path.of(URI.create(location)));
        }
        if (location.contains("://")) {
            throw new TraversionException("Cannot open " + location
                    + ": a recording is in a directory, in a .trv file or at s3://bucket/prefix.");
        }
        Path path = Path.of(location);
        return Files.isRegularFile(path) ? new SingleFileStore(path) : new FileStore(path);
    }

    private static Store openS3(String location, Map<String, String> environment) {
        String[] path = location.substring(SCHEME.length()).split("/", 2);
        String bucket = path[0];
        String prefix = path.length == 1 ? "" : path[1].replaceAll("^/+|/+$", "");
        if (bucket.isEmpty()) {
            throw new TraversionException(location + " names no bucket. Write s3://bucket/prefix.");
        }
        String region = environment.getOrDefault("AWS_REGION", environment.getOrDefault("AWS_DEFAULT_REGION", ""));
        String endpoint = environment.getOrDefault(
                "AWS_ENDPOINT_URL_S3",
                environment.getOrDefault(
                        "AWS_ENDPOINT_URL",
                        "https://s3." + (region.isEmpty() ? "us-east-1" : region) + ".amazonaws.com"));
        MinioClient.Builder builder = MinioClient.builder();
        try {
            builder.endpoint(endpoint);
        } catch (IllegalArgumentException e) {
            throw new TraversionException(
                    "AWS_ENDPOINT_URL is not an address: " + endpoint + " (" + e.getMessage() + ")", e);
        }
        if (!region.isEmpty()) {
            builder.region(region);
        }
        MinioClient client = builder.credentialsProvider(credentials(environment))
                .httpClient(http(environment.getOrDefault("AWS_CA_BUNDLE", "")), true)
                .build();
        return new S3Store(client, endpoint, bucket, prefix);
    }

    /**
     * A server that says nothing is given up after a minute, one whose bytes trickle after ten: the largest files have some 300 MB.
     *
     * @param authorities a PEM file; {@code ""} for the well-known ones
     */
    private static OkHttpClient http(String authorities) {
        OkHttpClient.Builder client = Http.newDefaultClient()
                .newBuilder()
                .connectTimeout(Duration.ofSeconds(10))
                .readTimeout(Duration.ofMinutes(1))
                .writeTimeout(Duration.ofMinutes(1))
                .callTimeout(Duration.ofMinutes(10));
        if (!authorities.isEmpty()) {
            Authorities trusted = Authorities.of(Path.of(authorities));
            client.sslSocketFactory(trusted.sockets(), trusted.trust());
        }
        return client.build();
    }

    private static Provider credentials(Map<String, String> environment) {
        String key = environment.get("AWS_ACCESS_KEY_ID");
        String secret = environment.get("AWS_SECRET_ACCESS_KEY");
        if (key != null && secret != null) {
            return new StaticProvider(key, secret, environment.get("AWS_SESSION_TOKEN"));
        }
        Path file = Path.of(environment.getOrDefault(
                "AWS_SHARED_CREDENTIALS_FILE", System.getProperty("user.home") + "/.aws/credentials"));
        if (Files.isReadable(file)) {
            return new AwsConfigProvider(file.toString(), environment.get("AWS_PROFILE"));
        }
        if (environment.containsKey("AWS_WEB_IDENTITY_TOKEN_FILE")
                || environment.containsKey("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
                || environment.containsKey("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
            return new IamAwsProvider(null, null);
        }
        throw new TraversionException(
                "No S3 credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them to " + file + ".");
    }
}
