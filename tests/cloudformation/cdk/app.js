// The CDK application whose output stands in cdk.out. `npm install && npm run make` makes it anew.
const cdk = require("aws-cdk-lib");
const dynamodb = require("aws-cdk-lib/aws-dynamodb");
const ec2 = require("aws-cdk-lib/aws-ec2");
const rds = require("aws-cdk-lib/aws-rds");

class Network extends cdk.Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    this.vpc = ec2.Vpc.fromVpcAttributes(this, "Vpc", {
      vpcId: "vpc-12345678",
      availabilityZones: ["eu-west-1a", "eu-west-1b"],
      isolatedSubnetIds: ["subnet-11111111", "subnet-22222222"],
    });
    this.databases = new ec2.SecurityGroup(this, "Databases", { vpc: this.vpc });
    if (props.open) {
      this.databases.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(5432));
    }
  }
}

class Sessions extends cdk.NestedStack {
  constructor(scope, id, props) {
    super(scope, id, props);
    new dynamodb.Table(this, "Table", {
      partitionKey: { name: "id", type: dynamodb.AttributeType.STRING },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: props.recoverable },
    });
  }
}

class Data extends cdk.Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const { vpc, databases } = props.network;
    const primary = new rds.DatabaseInstance(this, "Orders", {
      engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16_4 }),
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      securityGroups: [databases],
      multiAz: props.available,
      storageEncrypted: true,
    });
    new rds.DatabaseInstanceReadReplica(this, "Reports", {
      sourceDatabaseInstance: primary,
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.MEDIUM),
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    });
    new Sessions(this, "Sessions", { recoverable: props.available });
    cdk.Tags.of(this).add("team", "orders");
  }
}

class Shop extends cdk.Stage {
  constructor(scope, id, props) {
    super(scope, id, props);
    const network = new Network(this, "Network", { open: !props.available });
    new Data(this, "Data", { network, available: props.available, tags: { "cost-centre": "42" } });
  }
}

const app = new cdk.App();
const env = { account: "111111111111", region: "eu-west-1" };
new Shop(app, "Prod", { env, available: false });
new Shop(app, "Dev", { env, available: true });
app.synth();
