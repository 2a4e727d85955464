/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** A bucket, or a prefix in one. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.endpoint) || !self.endpoint.startsWith('http://') || self.plainHttp",
        message =
                "s3.endpoint has no TLS: use https://, or set s3.plainHttp to true if the network may read the recording")
@ValidationRule(
        value = "has(self.prefix) == has(oldSelf.prefix)",
        message = "s3.prefix cannot change: make another Recording for the new place, the data here stays")
@ValidationRule(
        value = "has(self.endpoint) || has(self.region)",
        message = "s3.endpoint or s3.region must say where the bucket is")
public record S3Spec(
        @JsonPropertyDescription("URL of the S3 service. Without it: that of AWS in the region.")
        @ValidationRule(
                value =
                        "self.matches('^https?://[A-Za-z0-9._-]+(:[0-9]{1,5})?/?$|^https?://[[][0-9a-fA-F:.]+[]](:[0-9]{1,5})?/?$')",
                message =
                        "s3.endpoint must be a URL such as https://minio.example.com:9000, without keys, path and query")
        String endpoint,

        @JsonPropertyDescription("Region, as the service names it.")
        @ValidationRule(
                value = "self.matches('^[A-Za-z0-9_-]{1,64}$')",
                message = "s3.region must be the name of a region, such as eu-central-1")
        String region,

        @JsonPropertyDescription("Name of the bucket. It must be there.")
        @Required
        @ValidationRule(
                value = "self.matches('^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$') && !self.contains('..')",
                message =
                        "s3.bucket must be the name of a bucket: 3 to 63 lower-case letters, digits, dots and dashes, without s3:// and without slashes")
        @ValidationRule(
                value = "self == oldSelf",
                message = "s3.bucket cannot change: make another Recording for the new place, the data here stays")
        String bucket,

        @JsonPropertyDescription("Folder in the bucket, without slashes around it. Clusters may share one.")
        @ValidationRule(
                value = "!self.startsWith('/') && !self.endsWith('/')",
                message = "s3.prefix must not begin or end with a slash")
        @ValidationRule(
                value =
                        "self == '' || self.matches('^[A-Za-z0-9/!_.*()=-]+$') && !['//', '/./', '/../'].exists(odd, ('/' + self + '/').contains(odd))",
                message =
                        "s3.prefix must be folders of letters, digits and !_.*()=-, with one slash between each and the next")
        @ValidationRule(
                value = "self == oldSelf",
                message = "s3.prefix cannot change: make another Recording for the new place, the data here stays")
        String prefix,

        @JsonPropertyDescription(
                "Secret with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in the namespace of the operator. Without it: the identity of the workloads (IRSA and the like).")
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$')",
                message =
                        "s3.credentialsSecret must be the name of a Secret in the namespace of the operator; leave it out for the identity of the workloads")
        String credentialsSecret,

        @JsonPropertyDescription(
                "Secret with ca.crt, the authorities that the certificate of the endpoint may be signed by, in the namespace of the operator. Without it: the well-known ones.")
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$')",
                message = "s3.caSecret must be the name of a Secret in the namespace of the operator")
        String caSecret,

        @JsonPropertyDescription(
                "Whether an endpoint without TLS is accepted. What is recorded can then be read on the way.")
        @Default("false")
        Boolean plainHttp) {}
