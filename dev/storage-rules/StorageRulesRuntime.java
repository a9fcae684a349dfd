import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.SettableFuture;
import com.google.firebase.rules.lang.CompileResult;
import com.google.firebase.rules.lang.FirebaseRulesProtoCompiler;
import com.google.firebase.rules.lang.common.FirebaseRulesLangOptions;
import com.google.firebase.rules.runtime.common.AsyncRuntimeFunction;
import com.google.firebase.rules.runtime.common.EvaluationResult;
import com.google.firebase.rules.runtime.evaluators.AuthRuleEvaluator.RuleContext;
import com.google.firebase.rules.runtime.impl.SequentialEvaluator;
import com.google.firebase.rules.runtime.utils.ExpressionValueUtils;
import com.google.firebase.rules.runtime.v1.ExecutionRequest;
import com.google.firebase.rules.runtime.v1.ExecutionResponse;
import com.google.firebase.rules.runtime.v1.ExpressionListValue;
import com.google.firebase.rules.runtime.v1.ExpressionMapValue;
import com.google.firebase.rules.runtime.v1.ExpressionPathValue;
import com.google.firebase.rules.runtime.v1.ExpressionValue;
import com.google.firebase.rules.runtime.v1.RulesetAst;
import com.google.firebase.rules.v1.File;
import com.google.firebase.rules.v1.Issue;
import com.google.firebase.rules.v1.Source;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import com.google.type.LatLng;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Evaluates Cloud Storage rules for the Storage emulator, where the official rules runtime cannot be downloaded.
 * The rules engine itself is Google's, taken from the Firestore emulator's jar, which has to be on the class path.
 * Only for development and tests.
 *
 * <p>One JSON object a line on stdin and stdout. The Firebase CLI sends `load_ruleset` and `verify`; a rule that reads
 * Firestore makes this program ask back with `fetch_firestore_document`, and the CLI's answer carries the same id.
 */
public final class StorageRulesRuntime {
  private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  private static final FirebaseRulesProtoCompiler COMPILER =
      FirebaseRulesProtoCompiler.createStandalone(
          FirebaseRulesLangOptions.builder().allowCrossServiceRules(true).allowTernaryOperator(true).build());

  private static final Map<String, RulesetAst> RULESETS = new ConcurrentHashMap<>();

  /** Document look-ups that wait for the CLI's answer, by request id. */
  private static final Map<Long, SettableFuture<JsonObject>> LOOKUPS = new ConcurrentHashMap<>();

  public static void main(String[] args) throws Exception {
    System.setOut(System.err);
    send(answer(-1));
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (!line.isBlank()) {
        receive(JsonParser.parseString(line).getAsJsonObject());
      }
    }
  }

  private static void receive(JsonObject message) {
    long id = message.get("id").getAsLong();
    if (!message.has("action")) {
      SettableFuture<JsonObject> lookup = LOOKUPS.remove(id);
      if (lookup != null) {
        lookup.set(message);
      }
      return;
    }
    try {
      JsonObject context = message.getAsJsonObject("context");
      switch (message.get("action").getAsString()) {
        case "load_ruleset" -> send(load(id, context));
        case "verify" -> verify(id, context);
        default -> send(refusal(id, "Unknown action " + message.get("action")));
      }
    } catch (Exception error) {
      send(refusal(id, error.toString()));
    }
  }

  private static JsonObject load(long id, JsonObject context) {
    Source.Builder source = Source.newBuilder();
    for (JsonElement entry : context.getAsJsonObject("source").getAsJsonArray("files")) {
      JsonObject file = entry.getAsJsonObject();
      source.addFiles(
          File.newBuilder().setName(file.get("name").getAsString()).setContent(file.get("content").getAsString()));
    }
    CompileResult compiled = COMPILER.compile(source);
    JsonObject answer = answer(id);
    for (Issue issue : compiled.getIssues()) {
      String list = issue.getSeverity() == Issue.Severity.ERROR ? "errors" : "warnings";
      answer.getAsJsonArray(list).add(describe(issue));
    }
    if (answer.getAsJsonArray("errors").isEmpty()) {
      RulesetAst ruleset = compiled.getRulesetAst();
      RULESETS.put(context.get("rulesetName").getAsString(), ruleset);
      JsonObject result = new JsonObject();
      result.addProperty("rulesVersion", ruleset.getVersion() == RulesetAst.Version.VERSION_2 ? 2 : 1);
      answer.add("result", result);
    }
    return answer;
  }

  private static String describe(Issue issue) {
    return String.format(
        "%s:%d:%d - %s",
        issue.getSourcePosition().getFileName(),
        issue.getSourcePosition().getLine(),
        issue.getSourcePosition().getColumn(),
        issue.getDescription());
  }

  private static void verify(long id, JsonObject context) throws Exception {
    // Within one request a document is read once, as the service does.
    Map<List<String>, ListenableFuture<JsonObject>> documents = new HashMap<>();
    RuleContext.Builder rule =
        RuleContext.builder()
            .service(context.get("service").getAsString())
            .method(context.get("method").getAsString())
            .path(pathOf(context.get("path").getAsString()))
            .supplyFunction(documentFunction("firestore.get", id, documents))
            .supplyFunction(documentFunction("firestore.exists", id, documents));
    for (Map.Entry<String, JsonElement> variable : context.getAsJsonObject("variables").entrySet()) {
      ExpressionValue.Builder value = ExpressionValue.newBuilder();
      JsonFormat.parser().ignoringUnknownFields().merge(variable.getValue().toString(), value);
      rule.supplyVariable(variable.getKey(), value.build());
    }
    RulesetAst ruleset = RULESETS.get(context.get("rulesetName").getAsString());
    var verdict = new SequentialEvaluator(ruleset).evaluate(rule.build());
    verdict.addListener(() -> send(verdictOf(id, verdict)), MoreExecutors.directExecutor());
  }

  private static JsonObject verdictOf(long id, ListenableFuture<? extends EvaluationResult> verdict) {
    JsonObject answer = answer(id);
    boolean permit = false;
    try {
      permit = Futures.getDone(verdict).permit();
    } catch (Exception error) {
      answer.getAsJsonArray("warnings").add(String.valueOf(error.getCause()));
    }
    JsonObject result = new JsonObject();
    result.addProperty("permit", permit);
    answer.add("result", result);
    return answer;
  }

  private static ExpressionPathValue pathOf(String path) {
    ExpressionPathValue.Builder value = ExpressionPathValue.newBuilder();
    for (String segment : path.split("/")) {
      if (!segment.isEmpty()) {
        value.addSegments(ExpressionValueUtils.simpleSegment(segment));
      }
    }
    return value.build();
  }

  /** `firestore.get` and `firestore.exists`: the CLI reads the document, its answer completes the evaluation. */
  private static AsyncRuntimeFunction documentFunction(
      String name, long id, Map<List<String>, ListenableFuture<JsonObject>> documents) {
    boolean exists = name.endsWith("exists");
    return new AsyncRuntimeFunction() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public ListenableFuture<ExecutionResponse> execute(ExecutionRequest request) {
        List<String> segments;
        try {
          segments =
              ExpressionValueUtils.getPathSegments(request.getSourcePosition(), request.getArguments(0).getPathValue());
        } catch (Exception error) {
          return Futures.immediateFailedFuture(error);
        }
        return Futures.transformAsync(
            documents.computeIfAbsent(segments, key -> lookUp(id, key)),
            reply -> {
              boolean found = "ok".equals(reply.get("status").getAsString());
              if (exists) {
                return Futures.immediateFuture(ExpressionValueUtils.createResponse(ExpressionValueUtils.createValue(found)));
              }
              ExpressionValue document = found ? documentOf(segments, reply.getAsJsonObject("result")) : ExpressionValueUtils.NULL;
              return Futures.immediateFuture(ExpressionValueUtils.createResponse(document));
            },
            MoreExecutors.directExecutor());
      }
    };
  }

  private static ListenableFuture<JsonObject> lookUp(long id, List<String> segments) {
    SettableFuture<JsonObject> reply = SettableFuture.create();
    LOOKUPS.put(id, reply);
    JsonObject context = new JsonObject();
    context.addProperty("path", "/" + String.join("/", segments));
    JsonObject question = new JsonObject();
    question.addProperty("id", id);
    question.addProperty("server_request_id", id);
    question.addProperty("status", "ok");
    question.addProperty("action", "fetch_firestore_document");
    question.add("context", context);
    send(question);
    return reply;
  }

  /** A rules resource: `data`, `id` and `__name__`. */
  private static ExpressionValue documentOf(List<String> segments, JsonObject document) {
    ExpressionMapValue.Builder fields = ExpressionMapValue.newBuilder();
    fields.putFields("data", mapOf(document.has("fields") ? document.getAsJsonObject("fields") : new JsonObject()));
    fields.putFields("id", ExpressionValueUtils.createValue((Object) segments.get(segments.size() - 1)));
    fields.putFields("__name__", ExpressionValueUtils.segmentsToPathExpressions(segments));
    return ExpressionValue.newBuilder().setMapValue(fields).build();
  }

  private static ExpressionValue mapOf(JsonObject fields) {
    ExpressionMapValue.Builder map = ExpressionMapValue.newBuilder();
    for (Map.Entry<String, JsonElement> field : fields.entrySet()) {
      map.putFields(field.getKey(), valueOf(field.getValue().getAsJsonObject()));
    }
    return ExpressionValue.newBuilder().setMapValue(map).build();
  }

  /** A Firestore REST value (`{"integerValue": "1"}`) as a rules value. */
  private static ExpressionValue valueOf(JsonObject value) {
    Map.Entry<String, JsonElement> entry = value.entrySet().iterator().next();
    JsonElement content = entry.getValue();
    ExpressionValue.Builder out = ExpressionValue.newBuilder();
    switch (entry.getKey()) {
      case "booleanValue" -> out.setBoolValue(content.getAsBoolean());
      case "integerValue" -> out.setIntValue(content.getAsLong());
      case "doubleValue" -> out.setFloatValue(content.getAsDouble());
      case "stringValue" -> out.setStringValue(content.getAsString());
      case "bytesValue" -> out.setBytesValue(ByteString.copyFrom(Base64.getDecoder().decode(content.getAsString())));
      case "timestampValue" -> out.setTimestampValue(Timestamps.parseUnchecked(content.getAsString()));
      case "referenceValue" -> out.setPathValue(pathOf(content.getAsString().replaceFirst("^projects/[^/]+", "")));
      case "mapValue" -> {
        JsonObject map = content.getAsJsonObject();
        return mapOf(map.has("fields") ? map.getAsJsonObject("fields") : new JsonObject());
      }
      case "arrayValue" -> {
        ExpressionListValue.Builder list = ExpressionListValue.newBuilder();
        if (content.getAsJsonObject().has("values")) {
          content.getAsJsonObject().getAsJsonArray("values").forEach(item -> list.addValues(valueOf(item.getAsJsonObject())));
        }
        out.setListValue(list);
      }
      case "geoPointValue" -> {
        JsonObject point = content.getAsJsonObject();
        out.setLatlngValue(
            LatLng.newBuilder()
                .setLatitude(point.has("latitude") ? point.get("latitude").getAsDouble() : 0)
                .setLongitude(point.has("longitude") ? point.get("longitude").getAsDouble() : 0));
      }
      default -> {
        return ExpressionValueUtils.NULL;
      }
    }
    return out.build();
  }

  private static JsonObject answer(long id) {
    JsonObject answer = new JsonObject();
    answer.addProperty("id", id);
    answer.addProperty("status", "ok");
    answer.add("errors", new JsonArray());
    answer.add("warnings", new JsonArray());
    return answer;
  }

  /** An error of one request: the CLI then denies, and the process lives on. */
  private static JsonObject refusal(long id, String reason) {
    JsonObject answer = answer(id);
    answer.getAsJsonArray("errors").add(reason);
    return answer;
  }

  private static synchronized void send(JsonObject message) {
    OUT.println(message);
  }
}
