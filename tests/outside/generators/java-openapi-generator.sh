# The library `native` has Java's own HTTP client. Jackson is in the jar of the generator, the rest in packages of Debian.
. "$ROOT/tests/outside/lib.sh"
about "openapi-generator $OPENAPI_GENERATOR" "Java (\`native\`)" Use.java
needs javac
jars=/usr/share/java
for jar in httpmime geronimo-annotation-1.3-spec; do
    [ -e $jars/$jar.jar ] || skip "$jar.jar is missing: apt-get install libhttpmime-java libgeronimo-annotation-1.3-spec-java"
done
openapi_generator java --library native \
    --additional-properties openApiNullable=false,useSingleRequestParameter=true
export CLASSPATH=$JAR:$jars/httpmime.jar:$jars/geronimo-annotation-1.3-spec.jar:classes
rm -rf classes
javac -nowarn -d classes $(find generated/src/main -name '*.java') "$ROOT/tests/outside/generators/Use.java"
java Use
